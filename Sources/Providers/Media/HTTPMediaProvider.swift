import Configuration
import Core
import Foundation

/// A provider of pictures or of sound behind a server: one POST for each call, in the server's dialect.
struct HTTPMediaProvider<Dialect: MediaDialect>: Sendable {
    private let dialect: Dialect
    private let endpoint: HTTPEndpoint

    var name: String { endpoint.name }

    /// Throws when the provider has no address.
    init(_ provider: ResolvedProvider, http: HTTPTransport) throws(ConfigurationError) {
        dialect = Dialect(provider)
        endpoint = try HTTPEndpoint(provider, http: http, keySettings: "api_key")
    }

    func generate(_ call: Dialect.Call, permit: Permit) async throws(ProviderError) -> Answer {
        if let obstacle = dialect.obstacle(to: call) {
            throw endpoint.errors.error(.misconfigured, obstacle, billing: .nothing)
        }
        let post = try endpoint.post(
            to: dialect.url(of: call, at: endpoint.address), dialect.body(of: call), accept: Dialect.accept,
            fields: dialect.fields(key: endpoint.key), permit: permit)
        guard !Task.isCancelled else { throw endpoint.cancelled(billing: .nothing) }
        var head: HTTPHead?
        var body = Data()
        do {
            try await endpoint.http.send(post, timeouts: endpoint.timeouts) { event in
                switch event {
                case .head(let begun): head = begun
                case .bytes(let bytes): body += bytes
                }
                return head?.isSuccess != false || body.count < AnswerErrorBody.limit
            }
            guard let head else { throw AnswerFault.cut }
            guard head.isSuccess else { throw statusError(head, body, model: call.model) }
            return try answer(to: call, MediaResponse(head: head, body: body))
        } catch {
            if let head, !head.isSuccess { throw failed(error, head, body, model: call.model) }
            throw endpoint.described(error, status: head?.status)
        }
    }

    private func answer(to call: Dialect.Call, _ response: MediaResponse) throws(AnswerFault) -> Answer {
        let draft = try dialect.read(response, to: call)
        return Answer(
            text: "", usage: draft.usage ?? call.usageBound,
            isUsageEstimated: draft.usage == nil || draft.isUsageEstimated,
            finish: draft.media == nil ? .filtered : .stop, responseID: draft.responseID,
            model: draft.model ?? call.model, limits: ProviderLimits(head: response.head), media: draft.media)
    }

    private func statusError(_ head: HTTPHead, _ body: Data, model: String) -> ProviderError {
        let said = AnswerErrorBody(body, isText: head.contentType == "text/plain")
        let isKeyRefused = dialect.refusesKey(said.json ?? .null, head: head)
        return endpoint.statusError(head, said, isKeyRefused: isKeyRefused, model: model)
    }

    /// What went wrong with the rest of a response whose head says that the call failed: nothing is billed.
    private func failed(_ error: any Error, _ head: HTTPHead, _ body: Data, model: String) -> ProviderError {
        error is CancellationError ? endpoint.cancelled(billing: .nothing) : statusError(head, body, model: model)
    }
}

extension HTTPMediaProvider: ImageProvider where Dialect.Call == ImageCall {}
extension HTTPMediaProvider: SpeechProvider where Dialect.Call == SpeechCall {}
