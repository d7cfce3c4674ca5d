import CCurl
import Configuration
import Foundation

/// One request as libcurl sends it; what comes back goes to its exchange. Used on the engine's thread only.
final class CurlTransfer {
    let exchange: HTTPExchange
    let handle: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// Where the response points to, if it does.
    private var location: String?
    private var isBegun = false

    /// nil when libcurl has no memory left. `certificates` is a file of the authorities that are trusted, nil for the
    /// system's own.
    init?(_ exchange: HTTPExchange, certificates: String?) {
        guard let handle = curl_easy_init() else { return nil }
        self.exchange = exchange
        self.handle = handle
        configure(certificates: certificates)
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headers)
    }

    private func configure(certificates: String?) {
        let post = exchange.post
        set(CURLOPT_URL, post.url.absoluteString)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // An empty text stands for every compression that libcurl knows.
        set(CURLOPT_ACCEPT_ENCODING, "")
        if let certificates { set(CURLOPT_CAINFO, certificates) }
        // No proxy stands between this machine and itself.
        if post.url.isLoopback { set(CURLOPT_PROXY, "") }
        qf_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        // No redirect is followed: it could take a prompt, or the key, to another origin, and would drop the body.
        qf_curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0)
        qf_curl_set_number(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Without an empty Expect, libcurl first asks whether a large body may be sent, and waits.
        for line in post.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            headers = curl_slist_append(headers, line)
        }
        qf_curl_set_headers(handle, headers)
        _ = post.body.withUnsafeBytes { qf_curl_set_body(handle, $0.baseAddress, $0.count) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        qf_curl_set_receivers(
            handle, { bytes, size, count, context in CurlTransfer.of(context)?.takeHeader(bytes, size * count) ?? 0 },
            { bytes, size, count, context in CurlTransfer.of(context)?.takeBody(bytes, size * count) ?? 0 }, context)
    }

    private func set(_ option: CURLoption, _ text: String) { qf_curl_set_text(handle, option, text) }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: - What comes back

    /// Takes a line of the head; returns how many bytes were taken, where too few end the transfer.
    private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, !isBegun else { return count }
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
        if line.hasPrefix("HTTP/") { location = nil }
        if line.lowercased().hasPrefix("location:") {
            location = line.dropFirst("location:".count).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return line.allSatisfy(\.isNewline) ? endHead(count) : count
    }

    private func endHead(_ count: Int) -> Int {
        let status = qf_curl_number(handle, CURLINFO_RESPONSE_CODE)
        guard status >= 200 else { return count }
        isBegun = true
        if (300..<400).contains(status), let location {
            let target = URL(string: location, relativeTo: exchange.post.url)?.absoluteString ?? location
            exchange.end(throwing: .redirected(to: target))
            return 0
        }
        let type = qf_curl_text(handle, CURLINFO_CONTENT_TYPE).map { String(cString: $0) } ?? ""
        let media = type.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        exchange.begin(
            HTTPHead(status: status, contentType: media.trimmingCharacters(in: .whitespaces).lowercased()))
        return count
    }

    private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes else { return 0 }
        return exchange.take(Data(bytes: bytes, count: count)) ? count : 0
    }

    /// Ends the exchange as libcurl's result says.
    func end(_ result: CURLcode) {
        guard result != CURLE_OK else { return exchange.end() }
        let isSent = qf_curl_number(handle, CURLINFO_REQUEST_SIZE) > 0
        exchange.end(throwing: isSent ? .interrupted : Self.failureToConnect(result))
    }

    private static func failureToConnect(_ result: CURLcode) -> HTTPFailure {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .hostNotFound
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_USE_SSL_FAILED:
            .insecure
        default: .refused
        }
    }
}
