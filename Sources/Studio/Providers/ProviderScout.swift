public import Configuration
public import Core

/// Looks what a new workspace could write with: keys in the environment, and a server on this machine. Asks nobody else.
public struct ProviderScout: Sendable {
    /// A text provider that can be used at once.
    public struct Offer: Hashable, Sendable {
        public var type: ProviderType
        /// The variable that holds its key; nil for one that needs none.
        public var variable: String?
        /// The model to begin with; nil for the provider's usual one.
        public var model: String?
        /// How many models it has, where that is known.
        public var models: Int?

        public init(_ type: ProviderType, variable: String? = nil, model: String? = nil, models: Int? = nil) {
            self.type = type
            self.variable = variable
            self.model = model
            self.models = models
        }
    }

    private let variables: [String: String]
    private let time: any TimeSource

    /// `variables` are those of the environment.
    public init(variables: [String: String], time: any TimeSource = SystemTime()) {
        self.variables = variables
        self.time = time
    }

    /// Those whose keys are set. Does not wait.
    public var keyed: [Offer] {
        ProviderType.allCases.filter { $0.kinds.contains(.text) && $0 != .bedrock }.compactMap { type in
            type.keyVariables.first { variables[$0]?.isEmpty == false }.map { Offer(type, variable: $0) }
        }
    }

    /// The Ollama server on this machine, as it is configured by itself; nil where none answers, or has no model.
    public func ollama() async -> Offer? {
        let loaded = Configuration.load(yaml: Configuration.template(provider: .ollama), environment: variables)
        guard let configuration = loaded.configuration else { return nil }
        let inspector = ProviderInspector(
            pool: Session.pool(of: { configuration }, time: time, variables: variables), variables: variables)
        let health = await inspector.health(of: ProviderType.ollama.rawValue, kind: .text, in: configuration)
        guard health.state == .good, let models = health.models, let first = models.first else { return nil }
        let usual = ProviderType.ollama.defaultModel
        let hasUsual = usual.flatMap { health.has($0) } == true
        return Offer(.ollama, model: hasUsual ? usual : first, models: models.count)
    }
}
