public import Core

/// The form in which one provider's server is asked and answers, as it is published.
public protocol FakeForm: Sendable {
    /// What a configuration's `base_url` has after the port.
    var basePath: String { get }
    /// The media type of a stream.
    var streamType: String { get }

    /// The texts of a request's messages.
    func prompts(of body: JSONValue) -> [String]
    func isStream(_ request: FakeTextServer.Request) -> Bool
    func usage(input: Int, output: Int) -> JSONValue
    /// The tokens that a usage tells of.
    func counts(of usage: JSONValue) -> (input: Int, output: Int)

    func object(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> JSONValue
    /// The objects of a stream as they go over the wire, one after another.
    func stream(_ answered: FakeReply.Answered, request: JSONValue, usage: JSONValue?) -> [[UInt8]]
    /// An error in the place of a stream's rest.
    func streamedError(status: Int, message: String, code: String) -> [UInt8]
    /// Any text in the place of an object of a stream.
    func streamed(_ text: String) -> [UInt8]
    /// What a request gets in place of its answer; nil when nothing is wrong with it.
    func refusal(of request: FakeTextServer.Request) -> FakeReply?
    func error(status: Int, message: String, code: String) -> JSONValue
    /// A list of models.
    func models(_ names: [String]) -> JSONValue
}

extension FakeForm {
    public var basePath: String { "" }
    public var streamType: String { "text/event-stream" }
    public func isStream(_ request: FakeTextServer.Request) -> Bool { request.body["stream"]?.bool == true }

    public func prompts(of body: JSONValue) -> [String] {
        (body["messages"]?.array ?? []).map { $0["content"]?.string ?? "" }
    }

    func sum(_ usage: JSONValue, _ input: String, _ output: String) -> (input: Int, output: Int) {
        (usage[input]?.int ?? 0, usage[output]?.int ?? 0)
    }

    public func streamed(_ text: String) -> [UInt8] { Array("data: \(text)\n\n".utf8) }
    public func streamedError(status: Int, message: String, code: String) -> [UInt8] {
        streamed(error(status: status, message: message, code: code).text())
    }
    public func refusal(of request: FakeTextServer.Request) -> FakeReply? { nil }
}

extension JSONValue {
    /// The object with another member, unless that is nil.
    func with(_ key: String, _ value: JSONValue?) -> JSONValue {
        var object = object ?? JSONObject()
        object[key] = value
        return .object(object)
    }
}
