/// Can be asked how it stands by a call that nobody bills.
///
/// Needs no ``Core/Permit``: nothing is generated, so that no limit, budget or ledger is concerned.
public protocol Surveyable: Sendable {
    /// Asks whether the provider can be reached, takes its key, and which models it has.
    ///
    /// Ends in ten seconds at the latest. Throws when nobody answered, or the key was not accepted; a server that has no
    /// list of models is no error. Cancelling the task ends the call at once, with an error whose kind is
    /// ``ProviderError/Kind/cancelled``.
    func survey() async throws(ProviderError) -> ProviderSurvey
}

/// What a provider says of itself when it is asked for nothing that costs.
public struct ProviderSurvey: Hashable, Sendable {
    /// A model by the name that the server gives it: one harmless line.
    public struct Model: Hashable, Sendable {
        public var name: String
        /// Other names that the server takes for it.
        public var aliases: [String]

        public init(_ name: String, aliases: [String] = []) {
            self.name = name
            self.aliases = aliases
        }
    }

    /// How many models are read of a list at most.
    public static let mostModels = 5_000

    /// In the server's order, each once; nil when the server offers no list.
    public var models: [Model]?
    /// Whether the server answers under whatever name a model is asked for.
    public var takesAnyModel: Bool
    /// The server's own version, where it tells one.
    public var version: String?
    /// From sending the first request until its answer began, connecting included.
    public var latencyMicroseconds: Int64

    public init(models: [Model]?, takesAnyModel: Bool = false, version: String? = nil, latencyMicroseconds: Int64) {
        self.models = models
        self.takesAnyModel = takesAnyModel
        self.version = version
        self.latencyMicroseconds = latencyMicroseconds
    }

    /// Whether the server lists a model, by its name or another that it takes for it; nil when it lists none.
    public func lists(_ model: String) -> Bool? {
        models.map { $0.contains { $0.name == model || $0.aliases.contains(model) } }
    }
}
