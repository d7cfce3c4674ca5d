import Core

/// One thing that using a workspace's configuration would tell a server, and which a writer has to agree to when the
/// workspace is from elsewhere: an environment variable, or just the texts, to a host.
public struct TrustLine: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// nil for texts alone.
    public var variable: String?
    /// In lower case, without a port.
    public var host: String

    public init(variable: String? = nil, host: String) {
        self.variable = variable
        self.host = host
    }

    /// `OPENAI_API_KEY to strange.example`, fit for a terminal.
    public var description: String { "\((variable ?? "texts").visible()) to \(host.visible())" }

    public static func < (left: TrustLine, right: TrustLine) -> Bool {
        (left.host, left.variable ?? "") < (right.host, right.variable ?? "")
    }
}

/// What a workspace's configuration may send where.
public enum ProviderTrust: Hashable, Sendable {
    /// Whatever it says: this user made it.
    case everything
    /// What needs no question, and these.
    case lines(Set<TrustLine>)

    func covers(_ line: TrustLine) -> Bool {
        switch self {
        case .everything: true
        case .lines(let lines): lines.contains(line)
        }
    }
}
