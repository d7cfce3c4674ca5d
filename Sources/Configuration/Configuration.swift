public import Core

/// Everything that `config.yml` says, as typed values; `Configuration()` is what an empty file says.
public struct Configuration: Sendable {
    public var providers: [ProviderKind: ProviderSection]
    public var roles: [RoleName: RoleLayer] = [:]
    /// What stands under roles of the providers that they are given.
    var ownProviders: [RoleName: OwnProvider] = [:]
    public var caching = CachingSettings()
    public var rateLimiting = RateLimitSettings()
    public var costs = CostSettings()
    public var retry = RetrySettings()
    public var state = StateSettings()
    public var dashboard = DashboardSettings()
    /// What its providers may send where, beside what needs no question.
    public var trust = ProviderTrust.lines([])
    /// What was changed live; see ``applying(_:)``.
    public internal(set) var overrides = Overrides()
    /// Where each value stands that a file sets, by its path of keys.
    var written: [[String]: WrittenPlace] = [:]

    public init() {
        providers = Dictionary(uniqueKeysWithValues: ProviderKind.allCases.map { ($0, ProviderSection()) })
    }

    /// The configuration with live changes on top, which replace those of an earlier call.
    public func applying(_ overrides: Overrides) -> Configuration {
        var changed = self
        changed.overrides = overrides
        return changed
    }

    /// The dashboard's theme: the one chosen live, else the file's.
    public var themeName: String { overrides.theme ?? dashboard.theme }

    /// A problem of a value that only somebody else can judge, at the place where the file sets it.
    package func error(at path: [String], _ message: String) -> Problem {
        let place = written[path] ?? WrittenPlace(file: "config.yml", position: Position(line: 0, column: 0))
        return Problem(
            .error, file: place.file, line: place.position.line, column: place.position.column,
            message: "\(KeyPathText.joined(path)): \(message)")
    }
}

/// Where a value stands.
struct WrittenPlace: Sendable, CustomStringConvertible {
    var file: String
    var position: Position

    /// `config.yml:5`.
    var description: String { "\(file):\(position.line)" }
}
