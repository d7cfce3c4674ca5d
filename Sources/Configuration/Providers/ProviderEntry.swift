import Core

/// The configured providers of one kind.
public struct ProviderSection: Hashable, Sendable {
    /// The provider of every role that names none.
    public var defaultName: String
    /// In the order of the file.
    public var entries: [ProviderEntry]

    public init(defaultName: String = ProviderType.embedded.rawValue, entries: [ProviderEntry] = []) {
        self.defaultName = defaultName
        self.entries = entries
    }

    public func entry(_ name: String) -> ProviderEntry? { entries.first { $0.name == name } }
}

/// One configured provider, its values as they are written: they are expanded only when it is used.
public struct ProviderEntry: Hashable, Sendable {
    public var name: String
    public var type: ProviderType
    /// Where the provider is configured: `config.yml:5`; nil when no file names it.
    public var place: String?
    /// What the provider says about requests, for roles that say nothing themselves; what cannot be read yet is nil.
    public var defaults: RoleLayer
    var values: [String: RawValue]

    public init(name: String, type: ProviderType, values: [String: String] = [:]) {
        self.name = name
        self.type = type
        self.values = values.mapValues { RawValue(scalar: Scalar(text: $0)) }
        defaults = RoleLayer(model: values["model"])
    }

    init(name: String, type: ProviderType, place: String, values: [String: RawValue], defaults: RoleLayer) {
        self.name = name
        self.type = type
        self.place = place
        self.values = values
        self.defaults = defaults
    }

    /// The model of roles that name none; nil when none is configured.
    public var model: String? {
        defaults.model ?? (values["base_url"] == nil ? type.defaultModel : nil)
    }

    /// Whether a value is written for a key, expandable or not.
    public func isSet(_ key: String) -> Bool { values[key] != nil }

    /// The entry with other values over its own. Keys that sign belong together: none of its own joins another's.
    func with(_ own: [String: RawValue]) -> ProviderEntry {
        var entry = self
        if SigningKeyName.all.contains(where: { own[$0.key] != nil }) {
            for name in SigningKeyName.all { entry.values[name.key] = nil }
        }
        entry.values.merge(own) { $1 }
        return entry
    }
}

/// What stands under a role of the provider that the file gives it: `base_url`, `api_key` … It is not that of the same
/// provider under other roles, nor of another one under this role.
struct OwnProvider: Hashable, Sendable {
    var name: String
    var kind: ProviderKind
    /// In place of the provider's own; never empty.
    var values: [String: RawValue]
}

/// A value as it is written, and where. It may be a secret, so that it never prints.
struct RawValue: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    var scalar: Scalar
    /// `config.yml:5`; nil when no file holds it.
    var place: String?

    var description: String { "set" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
