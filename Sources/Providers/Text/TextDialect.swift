import Configuration
import Core
import Foundation

/// How one kind of server is asked for text over HTTP, and how its answers read.
///
/// A dialect is all that a provider adds: ``HTTPTextProvider`` sends, waits, cancels, reads and describes what fails,
/// the same for each of them.
protocol TextDialect: Sendable {
    static var capabilities: ProviderCapabilities { get }
    /// What a person looks at when the key is not accepted.
    static var keySettings: String { get }

    init(_ provider: ResolvedProvider)

    /// Where a call goes, below the address in the configuration.
    func url(of call: TextCall, at base: URL) -> URL
    /// The header fields of its own. `key` is nil when none is configured.
    func fields(key: Secret?) -> [HTTPField]
    func body(of call: TextCall) -> JSONValue
    /// The header fields that prove who sends a request, which is otherwise complete. `time` is when it is sent.
    func signature(of post: HTTPPost, at time: Moment) -> [HTTPField]

    /// Takes what an object of the answer brings: one of a stream, or the whole answer at once.
    func read(_ object: JSONValue, isWhole: Bool, into draft: inout AnswerDraft) throws(AnswerFault)
    /// The figures that the server reported; nil when they cannot be. What it may leave out comes from the estimate.
    func figures(_ reported: JSONValue, estimate: Usage) -> Figures?

    /// Whether an error, whatever its status, says that the key was not accepted. `error` is null when it is no JSON.
    func refusesKey(_ error: JSONValue, head: HTTPHead) -> Bool
    /// Takes note of what the server refuses in a body that was sent; returns whether the next body lacks it.
    func adapt(to refusal: String, of body: JSONValue) -> Bool
}

extension TextDialect {
    static var keySettings: String { "api_key" }
    func signature(of post: HTTPPost, at time: Moment) -> [HTTPField] { [] }
    func refusesKey(_ error: JSONValue, head: HTTPHead) -> Bool { false }
    func adapt(to refusal: String, of body: JSONValue) -> Bool { false }
}

/// A header field. What a person wrote is checked before it is sent.
struct HTTPField: Sendable {
    var name: String
    var prefix = ""
    var value: String
    /// The setting that holds the value; nil for one that stands in the program.
    var setting: String?
}

/// What a call used, as the server says or as it has to be guessed.
struct Figures: Hashable, Sendable {
    var usage: Usage
    var isEstimated = false
}

/// Why a response is no answer.
enum AnswerFault: Error, Hashable, Sendable {
    /// The response is of a media type that no answer has.
    case contentType(String)
    case unreadable(String)
    /// The answer ended in its middle.
    case cut
    case empty(Answer.Finish)
    /// The server reports an error in place of the answer's rest.
    case reported(String)
}

/// What has come of an answer.
struct AnswerDraft: Sendable {
    private(set) var text = ""
    var reasoning = ""
    /// Why the model stopped, once the server has said so.
    var finish: Answer.Finish?
    /// The figures as the server wrote them last.
    var usage: JSONValue?
    var responseID: String?
    var model: String?
    /// Whether nothing more has to be read.
    var isDone = false
    private var fresh = ""

    /// Whether the server has said that the answer is whole.
    var isWhole: Bool { isDone || finish != nil }

    mutating func write(_ piece: String) {
        text += piece
        fresh += piece
    }

    /// The text since the last time; nil when there is none.
    mutating func takeFresh() -> String? {
        defer { fresh = "" }
        return fresh.isEmpty ? nil : fresh
    }
}

extension JSONValue {
    /// nil when there is no number.
    init?(optional number: Double?) {
        guard let number else { return nil }
        self = .number(JSONNumber(number))
    }

    /// The text under a key; nil when it is missing or null. Throws when it is something else.
    func text(_ key: String) throws(AnswerFault) -> String? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let text = value.string else { throw .unreadable("its \(key) is no text") }
        return text
    }
}

extension [Message] {
    /// The system messages, which some servers take apart from the others, as one.
    var systemText: String? {
        let texts = filter { $0.author == .system }.map(\.content)
        return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }
}

extension URL {
    /// The address below which a version of an interface lies, whether or not it names the version itself.
    func versioned(_ version: String) -> URL { lastPathComponent == version ? self : appending(path: version) }
}
