import Configuration
import Foundation

/// What the environment says about the way to a server.
struct CurlSurroundings: Sendable {
    /// A file of the authorities that are trusted; nil for the system's own.
    let certificates: String?
    private let plainProxy: String?

    init(_ environment: [String: String]) {
        certificates = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        plainProxy = environment["http_proxy"] == nil ? environment["HTTP_PROXY"] : nil
    }

    /// The proxy to an address: empty for none, nil where libcurl itself reads `https_proxy`, `HTTPS_PROXY`, `http_proxy`
    /// and `ALL_PROXY`. It also reads `NO_PROXY`, which counts before all of them.
    func proxy(for url: URL) -> String? {
        // No proxy stands between this machine and itself.
        if url.isLoopback { return "" }
        // libcurl leaves this name to servers, where a request may set it.
        return url.scheme?.lowercased() == "http" ? plainProxy : nil
    }
}
