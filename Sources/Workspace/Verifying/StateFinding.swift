/// Something that is wrong, or worth knowing, of a workspace's state.
public struct StateFinding: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable {
        /// Nothing needs to be done.
        case information
        case problem
    }

    public var severity: Severity
    /// The file or folder, relative to the workspace.
    public var path: String
    public var message: String
    /// What to do; nil when nothing needs to be done.
    public var remedy: String?

    static func problem(_ path: String, _ message: String, remedy: String) -> StateFinding {
        StateFinding(severity: .problem, path: path, message: message, remedy: remedy)
    }

    static func information(_ path: String, _ message: String, remedy: String? = nil) -> StateFinding {
        StateFinding(severity: .information, path: path, message: message, remedy: remedy)
    }
}
