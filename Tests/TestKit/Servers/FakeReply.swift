public import Core

/// What a ``FakeTextServer`` answers.
public enum FakeReply: Sendable {
    /// An answer, as a stream when the request asks for one, else as one JSON object.
    case answer(Answered)
    /// The form's list of models, all on one page.
    case models([String])
    /// The form's error object.
    case error(status: Int, message: String, code: String = "error")
    /// Anything at all.
    case raw(status: Int = 200, headers: [String: String] = ["Content-Type": "application/json"], body: [UInt8])

    /// The parts of an answer that tests choose.
    public struct Answered: Sendable {
        /// What the usage holds.
        public enum Figures: Sendable {
            /// One token for each word of the prompt and of the answer.
            case counted
            case missing
            case these(JSONValue)
        }

        public var text: String
        public var figures: Figures
        /// Why the answer ends: `stop`, `length`, or the form's own word.
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

    /// A response as it goes over the wire.
    public struct Rendered: Sendable {
        public var status = 200
        public var headers = ["Content-Type": "application/json"]
        public var body: [UInt8]
        public var usage: JSONValue?
    }

    public func rendered(for request: FakeTextServer.Request, as form: any FakeForm) -> Rendered {
        switch self {
        case .raw(let status, let headers, let body): return Rendered(status: status, headers: headers, body: body)
        case .models(let names): return Rendered(body: Array(form.models(names).text().utf8))
        case .error(let status, let message, let code):
            let error = form.error(status: status, message: message, code: code)
            return Rendered(status: status, body: Array(error.text().utf8))
        case .answer(let answered):
            let isStream = form.isStream(request) && !answered.ignoresStream
            let usage = answered.usage(for: request.body, as: form)
            let body =
                isStream
                ? Array(form.stream(answered, request: request.body, usage: usage).joined())
                : Array(form.object(answered, request: request.body, usage: usage).text().utf8)
            return Rendered(
                headers: ["Content-Type": isStream ? form.streamType : "application/json; charset=utf-8"],
                body: body, usage: usage)
        }
    }
}

extension FakeReply.Answered {
    fileprivate func usage(for body: JSONValue, as form: any FakeForm) -> JSONValue? {
        switch figures {
        case .missing: return nil
        case .these(let usage): return usage
        case .counted:
            return form.usage(input: form.prompts(of: body).reduce(0) { $0 + Self.words($1) }, output: Self.words(text))
        }
    }

    private static func words(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    /// The text in pieces of a few characters.
    var pieces: [String] {
        var rest = Substring(text)
        var pieces: [String] = []
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(12)))
            rest = rest.dropFirst(12)
        }
        return pieces
    }
}
