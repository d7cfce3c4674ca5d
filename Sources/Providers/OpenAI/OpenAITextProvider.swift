import Configuration
import Core
import Foundation

/// OpenAI's chat completions, and every server that speaks them: one streamed POST for each call.
struct OpenAITextProvider: TextProvider {
    let name: String
    let capabilities = ProviderCapabilities(streaming: true, jsonMode: true, seed: true)

    private let url: URL
    private let key: Secret?
    private let organization: String?
    private let timeouts: HTTPTimeouts
    private let http: HTTPTransport

    /// Throws when the provider has no address.
    init(_ provider: ResolvedProvider, http: HTTPTransport) throws(ConfigurationError) {
        guard let address = provider.baseURL else {
            throw ConfigurationError(.badValue, "text provider \(provider.name.visible()) has no address; set base_url")
        }
        name = provider.name
        url = address.appending(path: "chat/completions")
        key = provider.apiKey
        organization = provider.organization
        timeouts = HTTPTimeouts(
            firstByte: provider.firstByteTimeoutSeconds, idle: provider.idleTimeoutSeconds,
            total: provider.timeoutSeconds)
        self.http = http
    }

    func generate(
        _ call: TextCall, permit: Permit, onDelta: @escaping @Sendable (String) -> Void
    ) async throws(ProviderError) -> Answer {
        let post = try post(call, permit: permit)
        guard !Task.isCancelled else { throw cancelled(billing: .nothing) }
        var reader = ChatAnswerReader()
        do {
            try await receive(post, into: &reader, onDelta: onDelta)
            if reader.head?.isSuccess == false { throw statusError(reader, model: call.model) }
            var (answer, rest) = try reader.answer(to: call)
            answer.limits = reader.head.flatMap { ProviderLimits(head: $0) }
            if let rest { onDelta(rest) }
            return answer
        } catch {
            throw described(error, reader: reader, model: call.model)
        }
    }

    private func receive(
        _ post: HTTPPost, into reader: inout ChatAnswerReader, onDelta: @Sendable (String) -> Void
    ) async throws {
        do {
            try await http.send(post, timeouts: timeouts) { event in
                if let delta = try reader.take(event) { onDelta(delta) }
                return !reader.isDone
            }
        } catch HTTPFailure.interrupted where reader.isWhole {
            // The server had said that the answer was whole; only its figures may be missing.
        }
    }

    private func post(_ call: TextCall, permit: Permit) throws(ProviderError) -> HTTPPost {
        var headers = [
            (name: "Content-Type", value: "application/json"),
            (name: "Accept", value: "text/event-stream, application/json"),
            (name: "User-Agent", value: "questfoundry"),
            (name: "Idempotency-Key", value: permit.idempotencyKey.description),
        ]
        if let key = key?.reveal() {
            headers.append((name: "Authorization", value: "Bearer " + (try sendable(key, as: "api_key"))))
        }
        if let organization {
            headers.append((name: "OpenAI-Organization", value: try sendable(organization, as: "organization")))
        }
        let host = url.host()?.lowercased() ?? ""
        return HTTPPost(url: url, headers: headers, body: ChatRequest(call: call, host: host).body)
    }

    /// Throws when a value holds a character that no header may: a line break in a key would begin another header.
    private func sendable(_ value: String, as setting: String) throws(ProviderError) -> String {
        guard !value.isEmpty, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw errors.error(
                .misconfigured,
                "\(setting) is empty or holds a space or another character that cannot be sent; correct it",
                billing: .nothing)
        }
        return value
    }

    // MARK: - Errors

    private var errors: HTTPErrorContext { HTTPErrorContext(provider: name, url: url, secret: key?.reveal()) }

    private func statusError(_ reader: ChatAnswerReader, model: String) -> ProviderError {
        var error = errors.error(status: reader.head?.status ?? 0, said: reader.errorText, model: model)
        error.limits = reader.head.flatMap { ProviderLimits(head: $0, body: reader.errorBody) }
        return error
    }

    private func cancelled(partialText: String? = nil, billing: ProviderError.Billing) -> ProviderError {
        errors.error(
            .cancelled, "the call to \(errors.host) was cancelled", partialText: partialText, billing: billing)
    }

    private func described(_ error: any Error, reader: ChatAnswerReader, model: String) -> ProviderError {
        if let error = error as? ProviderError { return error }
        let partial = reader.text.isEmpty ? nil : reader.text
        if error is CancellationError {
            let billing: ProviderError.Billing = reader.head?.isSuccess == false ? .nothing : .worstCase
            return cancelled(partialText: partial, billing: billing)
        }
        if reader.head?.isSuccess == false { return statusError(reader, model: model) }
        if let failure = error as? HTTPFailure {
            return errors.error(for: failure, timeouts: timeouts, partialText: partial)
        }
        let fault = error as? ChatFault ?? .cut
        return errors.error(for: fault, status: reader.head?.status, partialText: partial)
    }
}

extension HTTPErrorContext {
    /// The error for a response that arrived, and is no answer.
    fileprivate func error(for fault: ChatFault, status: Int?, partialText: String?) -> ProviderError {
        let (kind, what): (ProviderError.Kind, String) =
            switch fault {
            case .contentType(let type):
                (
                    .unreadable,
                    "\(host) answered with \(type.isEmpty ? "no content type" : String(type.prefix(60))), "
                        + "not with a chat completion; check base_url"
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
