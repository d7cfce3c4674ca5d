import Core

/// What a key's value must look like.
indirect enum Shape: Sendable {
    case scalar(ScalarShape)
    /// A list; one scalar alone counts as a list of one.
    case list(ScalarShape)
    case section(Section)
    /// The providers of a kind; their keys depend on each provider's type.
    case providers

    static let text = Shape.scalar(.text)
    static let secret = Shape.scalar(.secret)
    static let flag = Shape.scalar(.flag)
    static let money = Shape.scalar(.money)
    static let seconds = Shape.scalar(.seconds)
    static func whole(_ range: ClosedRange<Int>) -> Shape { .scalar(.whole(range)) }
    static func number(_ range: ClosedRange<Double>) -> Shape { .scalar(.number(range)) }
    static func choice(_ words: [String]) -> Shape { .scalar(.choice(words)) }
}

/// The keys that may stand in one place.
struct Section: Sendable {
    /// Keys that name something.
    enum Names: Sendable { case any, providers, roles }

    var keys: [SchemaKey]
    /// Whether an unknown key, or one without a value, is an error.
    var isStrict = false
    /// What keys that are not among `keys` name, and how each of them is read.
    var others: (names: Names, key: @Sendable (String) -> SchemaKey)?

    init(_ keys: [SchemaKey], isStrict: Bool = false) {
        self.keys = keys
        self.isStrict = isStrict
    }

    init(each names: Names, _ shape: Shape, isStrict: Bool = false) {
        self.init(each: names, isStrict: isStrict) { SchemaKey($0, shape) }
    }

    init(each names: Names, isStrict: Bool = false, key: @escaping @Sendable (String) -> SchemaKey) {
        keys = []
        others = (names, key)
        self.isStrict = isStrict
    }
}

/// One key of the configuration: its type, whether it is in force, and where its value goes.
struct SchemaKey: Sendable {
    enum Status: Hashable, Sendable {
        case inForce
        /// In force where something uses it, and only there its variables have to be set.
        case whereUsed
        /// Accepted and never used, for this reason: a note.
        case unused(String)
    }

    /// Something to say about a value that is correct.
    struct Remark: Sendable {
        var severity: Problem.Severity
        var message: String
    }

    typealias Path<Setting> = any WritableKeyPath<Configuration, Setting> & Sendable

    let name: String
    let shape: Shape
    var status = Status.inForce
    /// Whether it stands under a role and is its provider's: it is read when that is used.
    var isOfProvider = false
    /// Puts a value into the configuration. The text is the name (provider, model, role) that the key stands under.
    private(set) var take: @Sendable (Value, String, inout Configuration) -> Void = { _, _, _ in }
    /// What is in force, as YAML; nil when the key is not shown by itself.
    private(set) var show: (@Sendable (Configuration, String) -> String)?
    var remark: @Sendable (Value) -> Remark? = { _ in nil }

    init(_ name: String, _ shape: Shape, status: Status = .inForce) {
        self.name = name
        self.shape = shape
        self.status = status
    }

    init(_ name: String, _ section: Section, status: Status = .inForce) {
        self.init(name, .section(section), status: status)
    }

    init<Setting: SettingValue>(
        _ name: String, _ shape: Shape, _ path: Path<Setting>, status: Status = .inForce
    ) {
        self.init(name, shape, each: { _ in path }, status: status)
    }

    /// A key that stands under names: `path` gives the place of its value under one of them.
    init<Setting: SettingValue>(
        _ name: String, _ shape: Shape, each path: @escaping @Sendable (String) -> Path<Setting>,
        status: Status = .inForce
    ) {
        self.init(name, shape, status: status)
        take = { value, name, configuration in
            if let setting = Setting.reading(value) { configuration[keyPath: path(name)] = setting }
        }
        show = { configuration, name in configuration[keyPath: path(name)].yaml }
    }

    /// A setting of the role that the key stands under.
    init(_ field: RoleField) {
        self.init(field.key, field.shape, status: field.status)
        take = { value, name, configuration in
            guard let role = RoleName(rawValue: name) else { return }
            field.read(value, &configuration.roles[role, default: RoleLayer()])
        }
    }

    func remarking(_ remark: @escaping @Sendable (Value) -> Remark?) -> SchemaKey {
        var key = self
        key.remark = remark
        return key
    }
}
