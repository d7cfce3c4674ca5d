import Configuration
import Core
import Foundation

/// What the errors of one provider's HTTP calls have in common: where they went, and what must not stand in them.
struct HTTPErrorContext: Sendable {
    var provider: String
    /// The host, with its port when that is not the scheme's own.
    var host: String
    /// What must not stand in an error.
    var secrets: [String]
    /// The settings that make up the key.
    var keySettings: String

    static let serverTextLimit = 300

    init(provider: String, url: URL, secrets: [Secret], keySettings: String) {
        self.provider = provider
        let name = url.host(percentEncoded: false) ?? url.absoluteString
        host = url.port.map { "\(name):\($0)" } ?? name
        // The longest first: one may be part of another.
        self.secrets = secrets.map { $0.reveal() }.filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
        self.keySettings = keySettings
    }

    func error(
        _ kind: ProviderError.Kind, _ what: String, status: Int? = nil, partialText: String? = nil,
        billing: ProviderError.Billing
    ) -> ProviderError {
        ProviderError(
            kind: kind, provider: provider, host: host.visible(), status: status,
            message: redacted("\(provider): \(what)").visible(), partialText: partialText.map(redacted),
            billing: billing)
    }

    /// The error for an exchange that brought no whole response.
    func error(for failure: HTTPFailure, timeouts: HTTPTimeouts, partialText: String?) -> ProviderError {
        let (kind, what): (ProviderError.Kind, String) =
            switch failure {
            case .noLibrary: (.unreachable, "libcurl is missing or cannot be used; install the package libcurl4")
            case .refused: (.unreachable, "nobody answers at \(host); start the server or correct base_url")
            case .hostNotFound:
                (.unreachable, "the host \(host) was not found; correct base_url or check the network")
            case .insecure:
                (.unreachable, "no trusted secure connection to \(host); check base_url and the server's certificate")
            case .noWay(let status):
                (
                    .unreachable,
                    "the proxy does not lead to \(host)\(status.map { " (\($0))" } ?? ""); "
                        + "check HTTPS_PROXY and NO_PROXY"
                )
            case .timedOut(let limit): (.timedOut, Self.describe(limit, timeouts, host: host))
            case .interrupted:
                (.interrupted, "the connection to \(host) broke before the answer was whole; try again")
            case .tooLarge: (.tooLarge, "\(host) sent more than 32 MiB; check that base_url is the right server's")
            case .redirected(let target):
                (.redirected, "\(host) redirects to \(target.prefix(120)); requests are not sent on, correct base_url")
            }
        let isFree = if case .redirected = failure { true } else { failure.isUnsent }
        return error(kind, what, partialText: partialText, billing: isFree ? .nothing : .worstCase)
    }

    private static func describe(_ limit: HTTPFailure.Limit, _ timeouts: HTTPTimeouts, host: String) -> String {
        switch limit {
        case .firstByte:
            "\(host) did not begin to answer in \(seconds(timeouts.firstByte)); "
                + "try again or raise first_byte_timeout_seconds"
        case .idle:
            "\(host) fell silent for \(seconds(timeouts.idle)) in the middle of its answer; "
                + "try again or raise idle_timeout_seconds"
        case .total:
            "\(host) did not finish its answer in \(seconds(timeouts.total)); try again or raise timeout_seconds"
        }
    }

    private static func seconds(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value)) s" : "\(value) s"
    }

    /// The error for an answer with an HTTP error status. `said` is the server's own text; with `isOutOfCredit` its code
    /// says that no credit is left.
    func error(status: Int, said: String?, isOutOfCredit: Bool, model: String) -> ProviderError {
        let model = "the model \(model.prefix(100))"
        let said = said.map { ": \"\(bounded($0))\"" } ?? ""
        let (kind, what): (ProviderError.Kind, String) =
            switch status {
            case 401...429 where isOutOfCredit:
                (.outOfCredit, "the account at \(host) has no credit left (\(status))\(said); top it up")
            case 401 where secrets.isEmpty: (.unauthorized, "\(host) asks for a key (401); set \(keySettings)")
            // A server's words on a wrong key may repeat parts of it.
            case 401: (.unauthorized, "\(host) did not accept the key (401); check \(keySettings)")
            case 403: (.forbidden, "\(host) does not allow this (403)\(said); check what the key may use, and \(model)")
            case 404: (.notFound, "\(host) does not know \(model) (404)\(said); choose another model or check base_url")
            case 429:
                (.rateLimited, "\(host) admits no more now (429)\(said); wait, then try again, or check the account")
            case 408: (.timedOut, "\(host) gave up waiting for \(model) (408)\(said); try again later")
            // What Bedrock answers when a model fails.
            case 424, 500...: (.serverFailed, "\(host) failed (\(status))\(said); try again later")
            default:
                (.rejected, "\(host) rejected the request (\(status))\(said); check the settings for \(model)")
            }
        return error(kind, what, status: status, billing: .nothing)
    }

    /// A server's text, short and without the key.
    func bounded(_ text: String) -> String {
        let line = redacted(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > Self.serverTextLimit ? line.prefix(Self.serverTextLimit) + "…" : line
    }

    private func redacted(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "(the key)") }
    }
}

extension HTTPErrorContext {
    /// The error for a response that arrived, and is no answer.
    func error(for fault: AnswerFault, status: Int?, partialText: String?) -> ProviderError {
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
