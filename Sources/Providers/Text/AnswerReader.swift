import Core
import Foundation

/// Puts an answer together from a response as it arrives: a stream of events, of frames or of lines, or one JSON object.
struct AnswerReader<Dialect: TextDialect> {
    static var mediaTypes: String {
        "text/event-stream, application/vnd.amazon.eventstream, application/x-ndjson, application/json"
    }

    private enum Form {
        case events, frames, lines, object

        init?(mediaType: String) {
            switch mediaType {
            case "text/event-stream": self = .events
            case "application/vnd.amazon.eventstream": self = .frames
            case "application/x-ndjson", "application/ndjson", "application/jsonl": self = .lines
            case "application/json": self = .object
            default:
                guard mediaType.hasSuffix("+json") else { return nil }
                self = .object
            }
        }
    }

    private let dialect: Dialect
    private(set) var head: HTTPHead?
    /// What the head says that the body is; nil for what nobody can read.
    private var form: Form?
    private(set) var draft = AnswerDraft()
    private var events = EventStreamParser()
    private var frames = EventFrameParser()
    private var lines = LineParser()
    private var body = Data()

    init(_ dialect: Dialect) { self.dialect = dialect }

    /// Whether nothing more has to be read.
    var isDone: Bool { draft.isDone || isFailed && body.count >= AnswerErrorBody.limit }
    /// Whether the response is an HTTP error.
    var isFailed: Bool { head?.isSuccess == false }
    /// The body of an HTTP error.
    var errorBody: AnswerErrorBody { AnswerErrorBody(body, isText: head?.contentType == "text/plain") }

    /// Takes what has arrived; returns the piece of text in it, when there is one. Throws ``AnswerFault``.
    mutating func take(_ event: HTTPEvent) throws(AnswerFault) -> String? {
        switch event {
        case .head(let head):
            self.head = head
            form = Form(mediaType: head.contentType)
            guard !head.isSuccess || form != nil else { throw .contentType(head.contentType) }
        case .bytes(let bytes):
            switch isFailed ? .object : form {
            case .events: try read(events.take(bytes))
            case .frames: try read(try frames.take(bytes))
            case .lines: try read(lines.take(bytes))
            case .object, nil: body += bytes
            }
        }
        return draft.takeFresh()
    }

    /// The whole answer, once the response has ended, and its last piece of text when that has not been given out yet.
    mutating func answer(to call: TextCall) throws(AnswerFault) -> (answer: Answer, rest: String?) {
        guard let head else { throw .cut }
        if form == .object {
            try dialect.read(Self.object(body), isWhole: true, into: &draft)
        } else {
            try readLast()
            guard draft.isWhole else { throw .cut }
        }
        let finish = draft.finish ?? .other
        guard finish == .filtered || draft.text.contains(where: { !$0.isWhitespace }) else { throw .empty(finish) }
        let figures = figures(of: call)
        let answer = Answer(
            text: draft.text, reasoning: draft.reasoning.isEmpty ? nil : draft.reasoning, usage: figures.usage,
            isUsageEstimated: figures.isEstimated, finish: finish, responseID: draft.responseID,
            model: draft.model ?? call.model, limits: ProviderLimits(head: head))
        return (answer, draft.takeFresh())
    }

    private func figures(of call: TextCall) -> Figures {
        let estimate = Usage.estimated(for: call, text: draft.reasoning + draft.text)
        guard let reported = draft.usage else { return Figures(usage: estimate, isEstimated: true) }
        return dialect.figures(reported, estimate: estimate)
            ?? Figures(usage: .worstCase(of: call), isEstimated: true)
    }

    private mutating func read(_ objects: [[UInt8]]) throws(AnswerFault) {
        for object in objects where !draft.isDone {
            if object.elementsEqual("[DONE]".utf8) {
                draft.isDone = true
            } else {
                try dialect.read(Self.object(object), isWhole: false, into: &draft)
            }
        }
    }

    /// Reads what nothing ends. A line of that kind may be half of one.
    private mutating func readLast() throws(AnswerFault) {
        if let event = events.finish() { try read([event]) }
        guard let line = lines.finish() else { return }
        do {
            try read([line])
        } catch {
            if case .unreadable = error { throw .cut }
            throw error
        }
    }

    private static func object(_ bytes: some Collection<UInt8>) throws(AnswerFault) -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .unreadable(error.description)
        }
        guard value.object != nil else { throw .unreadable("it is no JSON object") }
        if let text = AnswerErrorBody.text(of: value) { throw .reported(text) }
        return value
    }
}

/// The body of an HTTP error, as far as it is read.
struct AnswerErrorBody {
    /// The most of it that is read.
    static let limit = 65_536

    /// nil when it is no JSON.
    let json: JSONValue?
    /// The server's words; nil when there are none.
    let text: String?

    /// Whether the server's code says that no credit is left, which waiting does not mend.
    var isOutOfCredit: Bool {
        let error = json?["error"]
        return [error?["code"], error?["type"]].contains { $0?.string == "insufficient_quota" }
            || json?["detail"]?["status"]?.string == "quota_exceeded"
    }

    init(_ body: Data, isText: Bool) {
        let value = try? JSONValue(parsing: body)
        // Gemini wraps the error of a stream in an array.
        let json = value?.array?.first ?? value
        self.json = json
        // AWS and ElevenLabs have the words of an error elsewhere, and so have servers made with FastAPI.
        let plain = ["message", "Message", "detail"].lazy.compactMap { key in
            json?[key]?["message"]?.string ?? json?[key]?.string
        }.first
        text = json.flatMap(Self.text) ?? plain ?? (isText ? String(decoding: body.prefix(1_000), as: UTF8.self) : nil)
    }

    /// The words of an object that tells of an error; nil when it tells of none.
    static func text(of value: JSONValue) -> String? {
        guard let error = value["error"], !error.isNull else { return nil }
        return error["message"]?.string ?? error.string ?? error.text()
    }
}
