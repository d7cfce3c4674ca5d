/// One thing that is wrong, or worth knowing, in a configuration file.
public struct Problem: Hashable, Sendable, CustomStringConvertible {
    /// How much a problem matters. Only an error keeps a file from being used.
    public enum Severity: String, Hashable, Sendable { case error, warning, note }

    public var severity: Severity
    public var file: String
    /// From 1; 0 when the problem is the file's as a whole.
    public var line: Int
    /// From 1, in Unicode scalars; 0 when the problem is the file's as a whole.
    public var column: Int
    /// Names the key, what was found, what is expected and what to do; never holds a secret.
    public var message: String

    public init(_ severity: Severity, file: String, line: Int, column: Int, message: String) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `config.yml:3:5: warning: unknown key …`.
    public var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        return "\(place): \(severity.rawValue): \(message)"
    }
}

/// What came of reading a configuration file.
public struct LoadedConfiguration: Sendable {
    /// nil when ``problems`` holds an error.
    public var configuration: Configuration?
    /// Everything that was found, in the order of the file.
    public var problems: [Problem]

    public init(configuration: Configuration?, problems: [Problem]) {
        self.configuration = configuration
        self.problems = problems
    }

    public var errors: [Problem] { problems.filter { $0.severity == .error } }
}
