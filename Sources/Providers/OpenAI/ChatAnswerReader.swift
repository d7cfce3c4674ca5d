import Core
import Foundation

/// Why a response is no answer.
enum ChatFault: Error, Hashable, Sendable {
    /// The response is of a media type that no answer has.
    case contentType(String)
    case unreadable(String)
    /// The answer ended in its middle.
    case cut
    case empty(Answer.Finish)
    /// The server reports an error in place of the answer's rest.
    case reported(String)
}

/// Puts an answer together from a response as it arrives: a stream of events, or one JSON object.
struct ChatAnswerReader {
    /// The most of an error's body that is read.
    static let errorBodyLimit = 65_536

    private(set) var head: HTTPHead?
    private(set) var text = ""
    /// Whether nothing more has to be read.
    private(set) var isDone = false
    private var reasoning = ""
    private var finish: Answer.Finish?
    private var usage: JSONValue?
    private var responseID: String?
    private var model: String?
    private var events = EventStreamParser()
    private var body = Data()

    /// Whether the server has said that the answer is whole.
    var isWhole: Bool { isDone || finish != nil }

    /// Takes what has arrived; returns the piece of text in it, when there is one. Throws ``ChatFault``.
    mutating func take(_ event: HTTPEvent) throws(ChatFault) -> String? {
        switch event {
        case .head(let head):
            self.head = head
            guard !head.isSuccess || isEventStream || isJSON else { throw .contentType(head.contentType) }
            return nil
        case .bytes(let bytes):
            guard isEventStream else {
                body += bytes
                isDone = head?.isSuccess != true && body.count >= Self.errorBodyLimit
                return nil
            }
            return try read(events.take(bytes))
        }
    }

    private var isEventStream: Bool { head?.isSuccess == true && head?.contentType == "text/event-stream" }
    private var isJSON: Bool {
        let type = head?.contentType ?? ""
        return type == "application/json" || type.hasSuffix("+json")
    }

    /// The body of an HTTP error; nil when it is no JSON.
    var errorBody: JSONValue? { try? JSONValue(parsing: body) }

    /// The error's text in the body of an HTTP error; nil when it holds none.
    var errorText: String? {
        if let error = errorBody, let text = Self.text(ofError: error) { return text }
        guard head?.contentType == "text/plain" else { return nil }
        return String(decoding: body.prefix(1_000), as: UTF8.self)
    }

    /// The whole answer, once the response has ended, and its last piece of text when that has not been given out yet.
    mutating func answer(to call: TextCall) throws(ChatFault) -> (answer: Answer, rest: String?) {
        guard head != nil else { throw .cut }
        var rest: String?
        if isEventStream {
            if !isDone, let last = events.finish() { rest = try read([last]) }
            guard isWhole else { throw .cut }
        } else {
            rest = try readObject()
        }
        let finish = finish ?? .other
        guard finish == .filtered || text.contains(where: { !$0.isWhitespace }) else { throw .empty(finish) }
        let reported = usage.map { Usage(chat: $0) }
        let answer = Answer(
            text: text, reasoning: reasoning.isEmpty ? nil : reasoning,
            usage: reported.map { $0 ?? .worstCase(of: call) } ?? .estimated(for: call, text: reasoning + text),
            isUsageEstimated: reported.map { $0 == nil } ?? true, finish: finish, responseID: responseID,
            model: model ?? call.model)
        return (answer, rest)
    }

    // MARK: - The two forms

    private mutating func read(_ events: [[UInt8]]) throws(ChatFault) -> String? {
        var delta = ""
        for event in events where !isDone {
            if event.elementsEqual("[DONE]".utf8) {
                isDone = true
                break
            }
            let chunk = try Self.object(event)
            noteEnvelope(of: chunk)
            guard let choice = Self.choice(in: chunk) else { continue }
            delta += try note(choice, part: choice["delta"])
        }
        return delta.isEmpty ? nil : delta
    }

    private mutating func readObject() throws(ChatFault) -> String? {
        let object = try Self.object(body)
        noteEnvelope(of: object)
        guard let choice = Self.choice(in: object), let message = choice["message"] else {
            throw .unreadable("it holds no choices with a message")
        }
        let text = try note(choice, part: message)
        return text.isEmpty ? nil : text
    }

    private static func object(_ bytes: some Collection<UInt8>) throws(ChatFault) -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .unreadable(error.description)
        }
        guard value.object != nil else { throw .unreadable("it is no JSON object") }
        if let text = text(ofError: value) { throw .reported(text) }
        return value
    }

    private static func text(ofError value: JSONValue) -> String? {
        guard let error = value["error"], !error.isNull else { return nil }
        return error["message"]?.string ?? error.string ?? error.text()
    }

    /// The first choice: only one is ever asked for.
    private static func choice(in object: JSONValue) -> JSONValue? {
        object["choices"]?.array?.first { ($0["index"]?.int ?? 0) == 0 }
    }

    private mutating func noteEnvelope(of object: JSONValue) {
        responseID = responseID ?? object["id"]?.string
        model = model ?? object["model"]?.string
        if let reported = object["usage"], !reported.isNull { usage = reported }
    }

    /// Adds what a choice brings; returns its text.
    private mutating func note(_ choice: JSONValue, part: JSONValue?) throws(ChatFault) -> String {
        if let reason = choice["finish_reason"]?.string, finish == nil {
            finish = ["stop": .stop, "length": .length, "content_filter": .filtered][reason] ?? .other
        }
        for key in ["reasoning_content", "reasoning"] {
            guard let thought = try Self.text(key, in: part) else { continue }
            reasoning += thought
            break
        }
        let refusal = try Self.text("refusal", in: part)
        if refusal != nil { finish = .filtered }
        let content = try Self.text("content", in: part)
        let piece = (content ?? "") + (refusal ?? "")
        text += piece
        return piece
    }

    private static func text(_ key: String, in part: JSONValue?) throws(ChatFault) -> String? {
        guard let value = part?[key], !value.isNull else { return nil }
        guard let text = value.string else { throw .unreadable("its \(key) is no text") }
        return text
    }
}
