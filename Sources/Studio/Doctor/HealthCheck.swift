public import Core
import Foundation

/// One thing that ``Doctor`` looked at, and how it is.
public struct HealthCheck: Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
        case good
        /// The work goes on, and somebody should know.
        case warning
        /// Something that is in use does not work.
        case problem(Cause)
    }

    /// Who can mend a problem.
    public enum Cause: String, Hashable, Sendable {
        /// What is configured cannot work.
        case configuration
        /// A server, the disk or a file cannot be used now.
        case unavailable
    }

    /// What it is about: `config`, `provider`, `model`, `host` …
    public var area: String
    /// Which of them; empty where there is one.
    public var subject: String
    public var verdict: Verdict
    /// How it is, in one harmless line without a secret.
    public var message: String
    /// What to do; nil where nothing has to be done.
    public var remedy: String?
    /// The same in figures.
    public var facts = JSONObject()

    public init(
        _ area: String, _ subject: String = "", _ verdict: Verdict = .good, _ message: String, remedy: String? = nil
    ) {
        self.area = area
        self.subject = subject.visible()
        self.verdict = verdict
        self.message = message.visible()
        self.remedy = remedy?.visible()
    }

    /// A message that ends with what to do, behind a semicolon.
    init(_ area: String, _ subject: String, _ verdict: Verdict, splitting message: String) {
        // A missing key says `no key: set NAME`.
        let end =
            message.range(of: "; ", options: .backwards)
            ?? message.range(of: ": set ").map { colon in
                colon.lowerBound..<message.index(colon.lowerBound, offsetBy: 2)
            }
        guard let end else {
            self.init(area, subject, verdict, message)
            return
        }
        self.init(
            area, subject, verdict, String(message[..<end.lowerBound]), remedy: String(message[end.upperBound...]))
    }

    /// The check as scripts read it.
    public var json: JSONValue {
        var object = JSONObject([
            ("area", JSONValue(area)), ("subject", JSONValue(subject)), ("verdict", JSONValue(verdict.name)),
            ("cause", JSONValue(verdict.cause?.rawValue)), ("message", JSONValue(message)),
            ("remedy", JSONValue(remedy)),
        ])
        for fact in facts { object[fact.key] = fact.value }
        return .object(object)
    }
}

extension HealthCheck.Verdict {
    public var cause: HealthCheck.Cause? { if case .problem(let cause) = self { cause } else { nil } }

    fileprivate var name: String {
        switch self {
        case .good: "good"
        case .warning: "warning"
        case .problem: "problem"
        }
    }
}
