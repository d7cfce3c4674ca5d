import Configuration
import Core
import Foundation

/// A text provider behind a server: one streamed POST for each call, in the server's dialect.
struct HTTPTextProvider<Dialect: TextDialect>: TextProvider {
    let capabilities = Dialect.capabilities

    private let dialect: Dialect
    private let endpoint: HTTPEndpoint

    var name: String { endpoint.name }

    /// Throws when the provider has no address.
    init(_ provider: ResolvedProvider, http: HTTPTransport) throws(ConfigurationError) {
        dialect = Dialect(provider)
        endpoint = try HTTPEndpoint(provider, http: http, keySettings: Dialect.keySettings)
    }

    func generate(
        _ call: TextCall, permit: Permit, onDelta: @escaping @Sendable (String) -> Void
    ) async throws(ProviderError) -> Answer {
        while true {
            let body = dialect.body(of: call)
            let post = try post(body, of: call, permit: permit)
            guard !Task.isCancelled else { throw endpoint.cancelled(billing: .nothing) }
            var reader = AnswerReader(dialect)
            do {
                try await receive(post, into: &reader, onDelta: onDelta)
                if let error = statusError(reader, model: call.model) { throw error }
                let (answer, rest) = try reader.answer(to: call)
                if let rest { onDelta(rest) }
                return answer
            } catch {
                // A body that is refused costs nothing, and the next one lacks what was.
                if [400, 422].contains(reader.head?.status), let refusal = reader.errorBody.text,
                    dialect.adapt(to: refusal, of: body)
                {
                    continue
                }
                throw described(error, reader: reader, model: call.model)
            }
        }
    }

    private func receive(
        _ post: HTTPPost, into reader: inout AnswerReader<Dialect>, onDelta: @Sendable (String) -> Void
    ) async throws {
        do {
            try await endpoint.http.send(post, timeouts: endpoint.timeouts) { event in
                if let delta = try reader.take(event) { onDelta(delta) }
                return !reader.isDone
            }
        } catch HTTPFailure.interrupted where reader.draft.isWhole {
            // The server had said that the answer was whole; only its figures may be missing.
        }
    }

    private func post(_ body: JSONValue, of call: TextCall, permit: Permit) throws(ProviderError) -> HTTPPost {
        let post = try endpoint.post(
            to: dialect.url(of: call, at: endpoint.address), body, accept: AnswerReader<Dialect>.mediaTypes,
            fields: dialect.fields(key: endpoint.key), permit: permit)
        return try endpoint.adding(dialect.signature(of: post, at: endpoint.http.time.now()), to: post)
    }

    // MARK: - Errors

    /// nil when the response is no HTTP error.
    private func statusError(_ reader: AnswerReader<Dialect>, model: String) -> ProviderError? {
        guard let head = reader.head, !head.isSuccess else { return nil }
        let body = reader.errorBody
        let isKeyRefused = dialect.refusesKey(body.json ?? .null, head: head)
        return endpoint.statusError(head, body, isKeyRefused: isKeyRefused, model: model)
    }

    private func described(_ error: any Error, reader: AnswerReader<Dialect>, model: String) -> ProviderError {
        if error is CancellationError, reader.isFailed { return endpoint.cancelled(billing: .nothing) }
        if !(error is CancellationError), let failed = statusError(reader, model: model) { return failed }
        let partial = reader.draft.text.isEmpty ? nil : reader.draft.text
        return endpoint.described(error, status: reader.head?.status, partialText: partial)
    }
}

extension HTTPTextProvider: Surveyable where Dialect: ModelCatalogue {
    func survey() async throws(ProviderError) -> ProviderSurvey {
        let surveyor = ModelSurveyor(
            endpoint: endpoint, fields: dialect.fields(key: endpoint.key), refusesKey: dialect.refusesKey)
        return try await surveyor.survey(dialect)
    }
}
