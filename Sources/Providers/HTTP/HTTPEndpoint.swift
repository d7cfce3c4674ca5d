import Configuration
import Core
import Foundation

/// The server of one provider: where it is, what opens it, how long it may take, and what its failures are called.
struct HTTPEndpoint: Sendable {
    let name: String
    let address: URL
    let key: Secret?
    let timeouts: HTTPTimeouts
    let http: HTTPTransport
    let errors: HTTPErrorContext

    /// Throws when the provider has no address. `keySettings` is what a person looks at when the key is not accepted.
    init(_ provider: ResolvedProvider, http: HTTPTransport, keySettings: String) throws(ConfigurationError) {
        guard let address = provider.baseURL else {
            throw ConfigurationError(
                .badValue, "\(provider.kind.rawValue) provider \(provider.name.visible()) has no address; set base_url")
        }
        name = provider.name
        self.address = address
        key = provider.apiKey
        timeouts = HTTPTimeouts(
            firstByte: provider.firstByteTimeoutSeconds, idle: provider.idleTimeoutSeconds,
            total: provider.timeoutSeconds)
        self.http = http
        errors = HTTPErrorContext(
            provider: name, url: address, secrets: provider.secrets, keySettings: keySettings)
    }

    /// A POST of a JSON body with the fields that every provider gets, and with its own.
    func post(
        to url: URL, _ body: JSONValue, accept: String, fields: [HTTPField], permit: Permit
    ) throws(ProviderError) -> HTTPPost {
        let post = HTTPPost(
            url: url,
            headers: [
                (name: "Content-Type", value: "application/json"), (name: "Accept", value: accept),
                (name: "User-Agent", value: "questfoundry"),
                (name: "Idempotency-Key", value: permit.idempotencyKey.description),
            ], body: Data(body.bytes()))
        return try adding(fields, to: post)
    }

    func adding(_ fields: [HTTPField], to post: HTTPPost) throws(ProviderError) -> HTTPPost {
        var post = post
        post.headers += try headers(of: fields)
        return post
    }

    /// Header fields as they are sent. Throws when what a person wrote holds a character that no header may: a line break
    /// in a key would begin another header.
    func headers(of fields: [HTTPField]) throws(ProviderError) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for field in fields {
            if let setting = field.setting { try checkSendable(field.value, as: setting) }
            headers.append((name: field.name, value: field.prefix + field.value))
        }
        return headers
    }

    private func checkSendable(_ value: String, as setting: String) throws(ProviderError) {
        guard !value.isEmpty, value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw errors.error(
                .misconfigured,
                "\(setting) is empty or holds a space or another character that cannot be sent; correct it",
                billing: .nothing)
        }
    }

    // MARK: - Errors

    /// The error for an answer with an HTTP error status.
    func statusError(
        _ head: HTTPHead, _ body: AnswerErrorBody, isKeyRefused: Bool, model: String
    ) -> ProviderError {
        let status = isKeyRefused ? 401 : head.status
        var error = errors.error(
            status: status, said: body.text, isOutOfCredit: status == 402 || body.isOutOfCredit, model: model)
        error.limits = ProviderLimits(head: head, body: body.json)
        return error
    }

    func cancelled(partialText: String? = nil, billing: ProviderError.Billing) -> ProviderError {
        errors.error(
            .cancelled, "the call to \(errors.host) was cancelled", partialText: partialText, billing: billing)
    }

    /// The error for anything else that ended a call after it was sent.
    func described(_ error: any Error, status: Int?, partialText: String? = nil) -> ProviderError {
        switch error {
        case let error as ProviderError: error
        case is CancellationError: cancelled(partialText: partialText, billing: .worstCase)
        case let failure as HTTPFailure: errors.error(for: failure, timeouts: timeouts, partialText: partialText)
        default: errors.error(for: error as? AnswerFault ?? .cut, status: status, partialText: partialText)
        }
    }
}
