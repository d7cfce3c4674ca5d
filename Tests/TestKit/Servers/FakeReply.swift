public import Core

/// What a ``FakeOpenAIServer`` answers.
public enum FakeReply: Sendable {
    /// An answer, as events when the request asks for a stream, else as one JSON object.
    case answer(Answered)
    /// OpenAI's error object.
    case error(status: Int, message: String, code: String = "error")
    /// Anything at all.
    case raw(status: Int = 200, headers: [String: String] = ["Content-Type": "application/json"], body: [UInt8])

    /// The parts of an answer that tests choose.
    public struct Answered: Sendable {
        /// What `usage` holds.
        public enum Figures: Sendable {
            /// One token for each word of the prompt and of the answer.
            case counted
            case missing
            case these(JSONValue)
        }

        public var text: String
        public var figures: Figures
        public var finish: String?
        /// Whether a request for a stream gets plain JSON.
        public var ignoresStream: Bool
    }

    public static func answer(
        _ text: String, figures: Answered.Figures = .counted, finish: String? = "stop", ignoresStream: Bool = false
    ) -> FakeReply {
        .answer(Answered(text: text, figures: figures, finish: finish, ignoresStream: ignoresStream))
    }

    public static func raw(_ text: String, status: Int = 200, contentType: String) -> FakeReply {
        .raw(status: status, headers: ["Content-Type": contentType], body: Array(text.utf8))
    }

    struct Rendered {
        var status = 200
        var headers = ["Content-Type": "application/json"]
        var body: [UInt8]
        var usage: JSONValue?
    }

    func rendered(for request: JSONValue) -> Rendered {
        switch self {
        case .raw(let status, let headers, let body): return Rendered(status: status, headers: headers, body: body)
        case .error(let status, let message, let code):
            let error: JSONValue = ["error": ["message": JSONValue(message), "code": JSONValue(code)]]
            return Rendered(status: status, body: Array(error.text().utf8))
        case .answer(let answered):
            let isStream = request["stream"]?.bool == true && !answered.ignoresStream
            let usage = answered.usage(for: request)
            let body =
                isStream ? answered.events(for: request, usage: usage) : answered.object(for: request, usage: usage)
            return Rendered(
                headers: ["Content-Type": isStream ? "text/event-stream" : "application/json; charset=utf-8"],
                body: Array(body.utf8), usage: usage)
        }
    }
}

extension FakeReply.Answered {
    fileprivate func usage(for request: JSONValue) -> JSONValue? {
        switch figures {
        case .missing: return nil
        case .these(let usage): return usage
        case .counted:
            let prompt = (request["messages"]?.array ?? []).reduce(0) { $0 + Self.words($1["content"]?.string ?? "") }
            let answer = Self.words(text)
            return [
                "prompt_tokens": JSONValue(prompt), "completion_tokens": JSONValue(answer),
                "total_tokens": JSONValue(prompt + answer),
            ]
        }
    }

    private static func words(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    fileprivate func object(for request: JSONValue, usage: JSONValue?) -> String {
        let choice: JSONValue = [
            "index": 0, "message": ["role": "assistant", "content": JSONValue(text)],
            "finish_reason": JSONValue(finish),
        ]
        return envelope("chat.completion", request, choices: [choice], usage: usage).text()
    }

    fileprivate func events(for request: JSONValue, usage: JSONValue?) -> String {
        var chunks = pieces.map { piece -> JSONValue in
            envelope(
                "chat.completion.chunk", request,
                choices: [["index": 0, "delta": ["content": JSONValue(piece)], "finish_reason": .null]])
        }
        if finish != nil {
            let choice: JSONValue = ["index": 0, "delta": [:], "finish_reason": JSONValue(finish)]
            chunks.append(envelope("chat.completion.chunk", request, choices: [choice]))
        }
        if let usage, request["stream_options"]?["include_usage"]?.bool == true {
            chunks.append(envelope("chat.completion.chunk", request, choices: [], usage: usage))
        }
        return chunks.map { "data: \($0.text())\n\n" }.joined() + "data: [DONE]\n\n"
    }

    /// The text in pieces of a few characters.
    private var pieces: [String] {
        var rest = Substring(text)
        var pieces: [String] = []
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(12)))
            rest = rest.dropFirst(12)
        }
        return pieces
    }

    private func envelope(
        _ object: String, _ request: JSONValue, choices: [JSONValue], usage: JSONValue? = nil
    ) -> JSONValue {
        var envelope = JSONObject([
            ("id", "chatcmpl-1"), ("object", JSONValue(object)), ("model", request["model"] ?? "fake"),
            ("choices", .array(choices)),
        ])
        envelope["usage"] = usage
        return .object(envelope)
    }
}
