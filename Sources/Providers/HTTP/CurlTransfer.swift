import CCurl
import Configuration
import Foundation

/// One request as libcurl sends it; what comes back goes to its exchange. Used on the engine's thread only.
final class CurlTransfer {
    let exchange: HTTPExchange
    let handle: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// The response's header fields so far, by lower-case name.
    private var fields: [String: String] = [:]
    private var headSize = 0
    private var isBegun = false

    /// The most of a response's head that is kept, in bytes; whole fields beyond it are passed over.
    private static let headLimit = 65_536

    /// nil when libcurl has no memory left.
    init?(_ exchange: HTTPExchange, _ surroundings: CurlSurroundings) {
        guard let handle = qf_curl_easy_init() else { return nil }
        self.exchange = exchange
        self.handle = handle
        configure(surroundings)
    }

    deinit {
        qf_curl_easy_cleanup(handle)
        qf_curl_slist_free_all(headers)
    }

    private func configure(_ surroundings: CurlSurroundings) {
        let request = exchange.request
        set(CURLOPT_URL, request.url.absoluteString)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // An empty text stands for every compression that libcurl knows.
        set(CURLOPT_ACCEPT_ENCODING, "")
        if let certificates = surroundings.certificates { set(CURLOPT_CAINFO, certificates) }
        if let proxy = surroundings.proxy(for: request.url) { set(CURLOPT_PROXY, proxy) }
        // A proxy that only passes bytes on is not told what the server is.
        qf_curl_set_number(handle, CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        qf_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        // No redirect is followed: it could take a prompt, or the key, to another origin, and would drop the body.
        qf_curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0)
        qf_curl_set_number(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Without an empty Expect, libcurl first asks whether a large body may be sent, and waits.
        for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            headers = qf_curl_slist_append(headers, line)
        }
        qf_curl_set_headers(handle, headers)
        // Without a body libcurl sends a GET.
        _ = request.content?.withUnsafeBytes { qf_curl_set_body(handle, $0.baseAddress, $0.count) }
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
        guard !line.allSatisfy(\.isNewline) else { return endHead(count) }
        if line.hasPrefix("HTTP/") { (fields, headSize) = ([:], 0) }
        headSize += count
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, headSize <= Self.headLimit {
            fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return count
    }

    private func endHead(_ count: Int) -> Int {
        let status = qf_curl_number(handle, CURLINFO_RESPONSE_CODE)
        guard status >= 200 else { return count }
        isBegun = true
        if (300..<400).contains(status), let location = fields["location"] {
            let target = URL(string: location, relativeTo: exchange.request.url)?.absoluteString ?? location
            exchange.end(throwing: .redirected(to: target))
            return 0
        }
        exchange.begin(status: status, fields: fields)
        return count
    }

    private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes else { return 0 }
        switch exchange.take(Data(bytes: bytes, count: count)) {
        case .taken: return count
        case .heldUp: return Int(CURL_WRITEFUNC_PAUSE)
        case .tooLarge: return 0
        }
    }

    /// Lets bytes come again after they were held up.
    func goOn() { qf_curl_easy_pause(handle, CURLPAUSE_CONT) }

    /// Ends the exchange as libcurl's result says.
    func end(_ result: CURLcode) {
        guard result != CURLE_OK else { return exchange.end() }
        let failure = Self.failureToConnect(result)
        let answerOfProxy = Int(qf_curl_number(handle, CURLINFO_HTTP_CONNECTCODE))
        // What a proxy was asked for the way counts as bytes of the request, too.
        let isSent = qf_curl_number(handle, CURLINFO_REQUEST_SIZE) > 0
        if failure == .insecure {
            exchange.end(throwing: .insecure)
        } else if answerOfProxy != 0, !(200..<300).contains(answerOfProxy) {
            exchange.end(throwing: .noWay(proxyStatus: answerOfProxy))
        } else {
            exchange.end(throwing: isSent ? .interrupted : failure)
        }
    }

    private static func failureToConnect(_ result: CURLcode) -> HTTPFailure {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST: .hostNotFound
        case CURLE_COULDNT_RESOLVE_PROXY: .noWay(proxyStatus: nil)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_USE_SSL_FAILED:
            .insecure
        default: .refused
        }
    }
}
