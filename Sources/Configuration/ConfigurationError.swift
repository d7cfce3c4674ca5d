/// Why what the configuration asks for cannot be done. Never holds a secret.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Hashable, Sendable {
        /// No provider has that name.
        case unknownProvider
        /// An environment variable that a value names is not set.
        case unsetVariable
        /// The provider needs an API key and has none.
        case missingKey
        /// An API key would go to a host that is not trusted with it.
        case untrustedHost
        /// An API key would travel over plain http.
        case plainHTTP
        /// A value cannot be used as it is.
        case badValue
        /// A file could not be read or written.
        case file
    }

    public var code: Code
    /// What happened, where, and what to do next.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
