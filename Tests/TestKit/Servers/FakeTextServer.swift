public import enum Core.JSONValue
import FlyingFox
import FlyingSocks
public import Foundation
import Synchronization

/// A ``FakeTextServer`` that speaks OpenAI's chat completions, as it does when it is not told otherwise.
public typealias FakeOpenAIServer = FakeTextServer

/// An HTTP server on a free loopback port that speaks the published form of one provider, streamed and not.
///
/// It counts what it served and the tokens that it reported, so that a ledger can be compared with it. It stops when the
/// last reference to it goes.
public final class FakeTextServer: Sendable {
    /// A request as it came.
    public struct Request: Sendable {
        /// With the query, where there is one.
        public var path: String
        /// By lower-case name.
        public var headers: [String: String]
        public var body: JSONValue
        /// The method, the path and the body as they went over the wire.
        public var wire: Wire
        /// Names the connection that it came on.
        public var connection: String

        public struct Wire: Sendable {
            public var method = "POST"
            public var path = "/"
            public var body = Data()

            public init() {}

            init(method: String, path: String, body: Data) {
                (self.method, self.path, self.body) = (method, path, body)
            }
        }

        public init(
            path: String, headers: [String: String] = [:], body: JSONValue, wire: Wire = Wire(),
            connection: String = ""
        ) {
            self.path = path
            self.headers = headers
            self.body = body
            self.wire = wire
            self.connection = connection
        }
    }

    /// Decides what is answered; it may wait as long as it likes.
    public typealias Responder = @Sendable (Request) async -> FakeReply

    private struct Tally {
        var requests: [Request] = []
        var looks: [Request] = []
        var input = 0
        var output = 0
    }

    private let tally = Mutex(Tally())
    private let form: any FakeForm
    private let responder: Responder
    private let listing: Responder
    private let port: Mutex<UInt16> = Mutex(0)
    private let running: Mutex<Task<Void, any Error>?> = Mutex(nil)

    private init(_ form: any FakeForm, listing: @escaping Responder, responder: @escaping Responder) {
        self.form = form
        self.listing = listing
        self.responder = responder
    }

    deinit { running.withLock { $0?.cancel() } }

    /// Starts a server that answers each request as the closure says; by default in the form that its prompt asks for.
    /// `listing` answers whoever only looks what is there, which costs nothing.
    public static func start(
        _ form: any FakeForm = FakeOpenAIForm(),
        _ responder: @escaping Responder = { .answer(FakeStory.answer(to: $0.body)) },
        listing: @escaping Responder = { _ in .models(["tiny", "model-one", "model-two"]) }
    ) async throws -> FakeTextServer {
        let fake = FakeTextServer(form, listing: listing, responder: responder)
        let server = try HTTPServer(address: .inet(ip4: "127.0.0.1", port: 0), timeout: 600, logger: .disabled)
        await server.appendRoute("*") { [weak fake] request in
            guard let fake else { return HTTPResponse(statusCode: .serviceUnavailable) }
            return try await fake.respond(to: request)
        }
        fake.running.withLock { $0 = Task { try await server.run() } }
        try await server.waitUntilListening(timeout: 60)
        if case .ip4(_, let port)? = await server.listeningAddress { fake.port.withLock { $0 = port } }
        return fake
    }

    /// What a configuration's `base_url` has to be.
    public var baseURL: URL {
        URL(string: "http://127.0.0.1:\(port.withLock { $0 })\(form.basePath)") ?? URL(filePath: "/")
    }

    /// All requests for an answer served so far, in the order in which they came.
    public var requests: [Request] { tally.withLock { $0.requests } }
    public var served: Int { requests.count }
    /// All requests that asked for nothing that costs, in the order in which they came.
    public var looks: [Request] { tally.withLock { $0.looks } }
    /// The sum of the input tokens that its answers reported.
    public var reportedInputTokens: Int { tally.withLock { $0.input } }
    /// The sum of the output tokens that its answers reported.
    public var reportedOutputTokens: Int { tally.withLock { $0.output } }

    private func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        var headers: [String: String] = [:]
        for (header, value) in request.headers { headers[header.rawValue.lowercased()] = value }
        let body = try await request.bodyData
        let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let received = Request(
            path: request.path + (query.isEmpty ? "" : "?\(query)"), headers: headers,
            body: (try? JSONValue(parsing: body)) ?? .null,
            wire: Request.Wire(method: request.method.rawValue, path: request.target.path(), body: body),
            connection: request.remoteAddress.map { "\($0)" } ?? "")
        let isLook = request.method == .GET
        tally.withLock { isLook ? $0.looks.append(received) : $0.requests.append(received) }
        let refusal = form.refusal(of: received)
        let reply =
            if let refusal { refusal } else if isLook { await listing(received) } else { await responder(received) }
        let answer = reply.rendered(for: received, as: form)
        let (input, output) = answer.usage.map(form.counts) ?? (0, 0)
        tally.withLock { tally in
            tally.input += input
            tally.output += output
        }
        var response = HTTPResponse(
            statusCode: HTTPStatusCode(answer.status, phrase: "Status"), body: Data(answer.body))
        for (name, value) in answer.headers { response.headers[HTTPHeader(name)] = value }
        return response
    }
}
