import Configuration
import Core
import Foundation

/// A text provider behind a server: one streamed POST for each call, in the server's dialect.
struct HTTPTextProvider<Dialect: TextDialect>: TextProvider {
    let name: String
    let capabilities = Dialect.capabilities

    private let dialect: Dialect
    private let address: URL
    private let key: Secret?
    private let timeouts: HTTPTimeouts
    private let http: HTTPTransport

    /// Throws when the provider has no address.
    init(_ provider: ResolvedProvider, http: HTTPTransport) throws(ConfigurationError) {
        guard let address = provider.baseURL else {
            throw ConfigurationError(.badValue, "text provider \(provider.name.visible()) has no address; set base_url")
        }
        name = provider.name
        dialect = Dialect(provider)
        self.address = address
        key = provider.apiKey
        timeouts = HTTPTimeouts(
            firstByte: provider.firstByteTimeoutSeconds, idle: provider.idleTimeoutSeconds,
            total: provider.timeoutSeconds)
        self.http = http
    }

    func generate(
        _ call: TextCall, permit: Permit, onDelta: @escaping @Sendable (String) -> Void
    ) async throws(ProviderError) -> Answer {
        while true {
            let body = dialect.body(of: call)
            let post = try post(body, of: call, permit: permit)
            guard !Task.isCancelled else { throw cancelled(billing: .nothing) }
            var reader = AnswerReader(dialect)
            do {
                try await receive(post, into: &reader, onDelta: onDelta)
                if reader.isFailed { throw statusError(reader, model: call.model) }
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
            try await http.send(post, timeouts: timeouts) { event in
                if let delta = try reader.take(event) { onDelta(delta) }
                return !reader.isDone
            }
        } catch HTTPFailure.interrupted where reader.draft.isWhole {
            // The server had said that the answer was whole; only its figures may be missing.
        }
    }

    private func post(_ body: JSONValue, of call: TextCall, permit: Permit) throws(ProviderError) -> HTTPPost {
        var headers = [
            (name: "Content-Type", value: "application/json"),
            (name: "Accept", value: "text/event-stream, application/x-ndjson, application/json"),
            (name: "User-Agent", value: "questfoundry"),
            (name: "Idempotency-Key", value: permit.idempotencyKey.description),
        ]
        headers += try errors.headers(of: dialect.fields(key: key))
        return HTTPPost(
            url: dialect.url(of: call, at: address), headers: headers, body: Data(body.text().utf8))
    }

    // MARK: - Errors

    private var errors: HTTPErrorContext { HTTPErrorContext(provider: name, url: address, secret: key?.reveal()) }

    private func statusError(_ reader: AnswerReader<Dialect>, model: String) -> ProviderError {
        let body = reader.errorBody
        let isKeyRefused = body.json.map(dialect.refusesKey) ?? false
        let status = isKeyRefused ? 401 : reader.head?.status ?? 0
        var error = errors.error(
            status: status, said: body.text, isOutOfCredit: status == 402 || body.isOutOfCredit, model: model)
        error.limits = reader.head.flatMap { ProviderLimits(head: $0, body: body.json) }
        return error
    }

    private func cancelled(partialText: String? = nil, billing: ProviderError.Billing) -> ProviderError {
        errors.error(
            .cancelled, "the call to \(errors.host) was cancelled", partialText: partialText, billing: billing)
    }

    private func described(_ error: any Error, reader: AnswerReader<Dialect>, model: String) -> ProviderError {
        if let error = error as? ProviderError { return error }
        let partial = reader.draft.text.isEmpty ? nil : reader.draft.text
        if error is CancellationError {
            return cancelled(partialText: partial, billing: reader.isFailed ? .nothing : .worstCase)
        }
        if reader.isFailed { return statusError(reader, model: model) }
        if let failure = error as? HTTPFailure {
            return errors.error(for: failure, timeouts: timeouts, partialText: partial)
        }
        let fault = error as? AnswerFault ?? .cut
        return errors.error(for: fault, status: reader.head?.status, partialText: partial)
    }
}

extension HTTPErrorContext {
    /// The error for a response that arrived, and is no answer.
    fileprivate func error(for fault: AnswerFault, status: Int?, partialText: String?) -> ProviderError {
        let (kind, what): (ProviderError.Kind, String) =
            switch fault {
            case .contentType(let type):
                (
                    .unreadable,
                    "\(host) answered with \(type.isEmpty ? "no content type" : String(type.prefix(60))), "
                        + "not with an answer; check base_url"
                )
            case .unreadable(let reason):
                (.unreadable, "the answer of \(host) cannot be read: \(bounded(reason)); try again or check base_url")
            case .cut: (.interrupted, "the answer of \(host) ended in its middle; try again")
            case .empty(.length):
                (.empty, "\(host) used all of max_tokens before it wrote any text; raise max_tokens")
            case .empty: (.empty, "\(host) answered without any text; try again or choose another model")
            case .reported(let text): (.serverFailed, "\(host) failed: \"\(bounded(text))\"; try again later")
            }
        return error(kind, what, status: status, partialText: partialText, billing: .worstCase)
    }
}

extension HTTPErrorContext {
    /// Header fields as they are sent. Throws when a value that a person wrote holds a character that no header may: a
    /// line break in a key would begin another header.
    func headers(of fields: [HTTPField]) throws(ProviderError) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for field in fields {
            let isSendable = !field.value.isEmpty && field.value.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            if let setting = field.setting, !isSendable {
                throw error(
                    .misconfigured,
                    "\(setting) is empty or holds a space or another character that cannot be sent; correct it",
                    billing: .nothing)
            }
            headers.append((name: field.name, value: field.prefix + field.value))
        }
        return headers
    }
}

extension HTTPTextProvider: Surveyable where Dialect: ModelCatalogue {
    func survey() async throws(ProviderError) -> ProviderSurvey {
        let surveyor = ModelSurveyor(
            address: address, fields: dialect.fields(key: key), errors: errors, refusesKey: dialect.refusesKey,
            http: http)
        return try await surveyor.survey(dialect)
    }
}
