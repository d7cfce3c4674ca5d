import Configuration
import Core
import Foundation

/// A call for a picture or for a sound.
protocol MediaCall: Sendable {
    static var kind: ProviderKind { get }
    var model: String { get }
    /// The most that the call can use.
    var usageBound: Usage { get }
}

/// How one kind of server is asked for pictures or for sound over HTTP, and how its answers read.
///
/// A dialect is all that a provider adds: ``HTTPMediaProvider`` sends, waits, cancels, checks and describes what fails,
/// the same for each of them.
protocol MediaDialect: Sendable {
    associatedtype Call: MediaCall

    /// The media type that is asked for.
    static var accept: String { get }

    init(_ provider: ResolvedProvider)

    /// Where a call goes, below the address in the configuration.
    func url(of call: Call, at base: URL) -> URL
    /// The header fields of its own. `key` is nil when none is configured.
    func fields(key: Secret?) -> [HTTPField]
    func body(of call: Call) -> JSONValue
    /// What keeps a call from being sent, with the remedy; nil when nothing does.
    func obstacle(to call: Call) -> String?
    func read(_ response: MediaResponse, to call: Call) throws(AnswerFault) -> MediaDraft
    /// Whether an error, whatever its status, says that the key was not accepted. `error` is null when it is no JSON.
    func refusesKey(_ error: JSONValue, head: HTTPHead) -> Bool
}

extension MediaDialect {
    func obstacle(to call: Call) -> String? { nil }
    func refusesKey(_ error: JSONValue, head: HTTPHead) -> Bool { false }
}

/// What came back, whole.
struct MediaResponse {
    var head: HTTPHead
    var body: Data

    /// The body as a JSON object. Throws when it is none, or tells of an error.
    func object() throws(AnswerFault) -> JSONValue {
        guard head.contentType == "application/json" else { throw .contentType(head.contentType) }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body)
        } catch {
            throw .unreadable(error.description)
        }
        guard value.object != nil else { throw .unreadable("it is no JSON object") }
        if let text = AnswerErrorBody.text(of: value) { throw .reported(text) }
        return value
    }

    /// The body as sound.
    func sound() throws(AnswerFault) -> Media {
        guard head.contentType.hasPrefix("audio/") || head.contentType == "application/octet-stream" else {
            throw .contentType(head.contentType)
        }
        return try Media(checking: body, kind: .audio, claimed: head.contentType)
    }
}

/// What has been read of an answer.
struct MediaDraft {
    /// nil when the provider withheld it.
    var media: Media?
    /// nil when the server reported none, or none that can be.
    var usage: Usage?
    var isUsageEstimated = false
    var responseID: String?
    var model: String?
}

extension Media {
    /// Takes bytes for what their first ones tell. Throws when that is nothing of the kind, or not what is claimed;
    /// `application/octet-stream` claims nothing.
    init(checking bytes: Data, kind: ProviderKind, claimed: String?) throws(AnswerFault) {
        guard !bytes.isEmpty else { throw .cut }
        guard let type = MediaType(of: bytes), type.kind == kind else {
            throw .unreadable("it holds no \(kind == .image ? "picture" : "sound") of a known form")
        }
        if let claimed, claimed != "application/octet-stream", MediaType(named: claimed) != type {
            throw .unreadable("it says \(claimed.prefix(60)), and is \(type.rawValue)")
        }
        self.init(bytes: bytes, type: type)
    }

    /// Reads a picture in base64, which some servers write as a `data:` address.
    init(base64 text: String, claimed: String?) throws(AnswerFault) {
        let digits =
            text.hasPrefix("data:") ? text[(text.firstIndex(of: ",") ?? text.startIndex)...].dropFirst() : text[...]
        guard let bytes = Data(base64Encoded: String(digits)) else { throw .unreadable("its picture is no base64") }
        try self.init(checking: bytes, kind: .image, claimed: claimed)
    }
}
