import Foundation

/// The proxies that the environment names, as libcurl reads them (https://curl.se/libcurl/c/libcurl-env.html).
struct Proxies: Sendable {
    private let variables: [String: String]

    init(_ variables: [String: String]) { self.variables = variables }

    /// The variables that are in force, each with its value, names and passwords left out.
    var inForce: [(variable: String, value: String)] {
        // Of HTTP_PROXY only the small letters count: a web server could be made to set the other.
        let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
        return names.compactMap { name in
            value(name).map { (name, name.lowercased() == "no_proxy" ? $0 : Self.withoutSecret($0)) }
        }
    }

    /// The proxy that stands before an address; nil when there is none.
    func proxy(of url: URL) -> String? {
        guard let host = url.host()?.lowercased(), !["localhost", "127.0.0.1", "::1"].contains(host) else { return nil }
        guard !isExempt(host) else { return nil }
        let names = url.scheme?.lowercased() == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        return (names + ["all_proxy", "ALL_PROXY"]).lazy.compactMap(value).first.map(Self.withoutSecret)
    }

    private func isExempt(_ host: String) -> Bool {
        let list = value("no_proxy") ?? value("NO_PROXY") ?? ""
        return list.split(whereSeparator: { $0 == "," || $0 == " " }).contains { name in
            let name = name.lowercased().drop { $0 == "." }
            return name == "*" || host == name || host.hasSuffix("." + name)
        }
    }

    private func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    private static func withoutSecret(_ proxy: String) -> String {
        guard let at = proxy.lastIndex(of: "@") else { return proxy }
        let scheme = proxy.range(of: "://").map { String(proxy[..<$0.upperBound]) } ?? ""
        return scheme + proxy[proxy.index(after: at)...]
    }
}

extension Doctor {
    /// The proxies and certificates that every call uses.
    func networkChecks() -> [HealthCheck] {
        let proxies = Proxies(variables).inForce.map { "\($0.variable) \($0.value)" }
        let all = proxies.isEmpty ? "no proxy is set" : proxies.joined(separator: ", ")
        return [HealthCheck("network", "", .good, all)] + (certificates.map { [$0] } ?? [])
    }

    private var certificates: HealthCheck? {
        guard let path = variables["SSL_CERT_FILE"], !path.isEmpty else { return nil }
        guard let text = FileManager.default.contents(atPath: path) else {
            return HealthCheck(
                "network", "", .problem(.configuration), "SSL_CERT_FILE \(path) cannot be read",
                remedy: "name a file of certificates, or unset it: no https server is trusted without")
        }
        guard text.range(of: Data("-----BEGIN CERTIFICATE-----".utf8)) != nil else {
            return HealthCheck(
                "network", "", .problem(.configuration), "SSL_CERT_FILE \(path) holds no certificate",
                remedy: "name a file in PEM form, or unset it")
        }
        return HealthCheck("network", "", .good, "SSL_CERT_FILE \(path) is trusted in place of the system's list")
    }
}
