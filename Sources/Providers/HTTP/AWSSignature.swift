import Configuration
import Core
import Crypto
import Foundation

/// AWS Signature Version 4 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html):
/// shows that whoever sends a request holds a key, which itself stays here.
struct AWSSignature: Sendable {
    /// A request as it is signed.
    struct Request {
        var method = "POST"
        /// As it goes over the wire, without the query.
        var path: String
        /// As it goes over the wire, without its question mark.
        var query = ""
        /// The fields that are signed, among them `host`.
        var headers: [(name: String, value: String)]
        var body: Data
    }

    private static let algorithm = "AWS4-HMAC-SHA256"

    var keys: SigningKeys
    var service: String

    /// The fields that a request needs besides its own. `wall` is the time in microseconds since 1970.
    ///
    /// The signature's parts are separated by commas alone, which leaves no space in the field's value.
    func fields(for request: Request, at wall: Int64) -> [HTTPField] {
        let stamp = Self.stamp(wall)
        let scope = "\(stamp.prefix(8))/\(keys.region)/\(service)/aws4_request"
        var fields = [HTTPField(name: "X-Amz-Date", value: stamp)]
        if let token = keys.sessionToken {
            fields.append(HTTPField(name: "X-Amz-Security-Token", value: token.reveal(), setting: "session_token"))
        }
        var signed = request
        signed.headers += fields.map { (name: $0.name, value: $0.value) }
        let text = [Self.algorithm, stamp, scope, Self.digest(Data(Self.canonical(signed).utf8))].joined(
            separator: "\n")
        let signature = Self.code(of: text, key: signingKey(on: String(stamp.prefix(8)))).hexadecimal
        let parts = [
            "Credential=\(keys.accessKeyID.reveal())/\(scope)", "SignedHeaders=\(Self.names(of: signed.headers))",
            "Signature=\(signature)",
        ]
        fields.append(
            HTTPField(
                name: "Authorization", prefix: Self.algorithm + " ", value: parts.joined(separator: ","),
                setting: "access_key_id"))
        return fields
    }

    private func signingKey(on day: String) -> Data {
        let secret = Data("AWS4\(keys.secretAccessKey.reveal())".utf8)
        return [day, keys.region, service, "aws4_request"].reduce(secret) { Data(Self.code(of: $1, key: $0)) }
    }

    private static func code(of text: String, key: Data) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key))
    }

    static func digest(_ data: Data) -> String { SHA256.hash(data: data).hexadecimal }

    /// `20150830T123600Z`
    private static func stamp(_ wall: Int64) -> String {
        Date(timeIntervalSince1970: Double(wall / 1_000_000))
            .formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt))
    }
}

// MARK: - The canonical request

extension AWSSignature {
    /// The one text that stands for a request, however it was written.
    static func canonical(_ request: Request) -> String {
        let headers = merged(request.headers).map { "\($0.name):\($0.value)\n" }.joined()
        return [
            request.method, path(request.path), query(request.query), headers, names(of: request.headers),
            digest(request.body),
        ].joined(separator: "\n")
    }

    /// The path without empty, `.` and `..` parts, its characters encoded once more, as all services but S3 ask.
    private static func path(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        let end = path.hasSuffix("/") && !parts.isEmpty ? "/" : ""
        return "/" + parts.map { String($0).percentEncoded }.joined(separator: "/") + end
    }

    private static func query(_ query: String) -> String {
        query.split(separator: "&").map { item in
            item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { (String($0).removingPercentEncoding ?? String($0)).percentEncoded }
        }
        .map { (name: $0[0], value: $0.count > 1 ? $0[1] : "") }
        .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
        .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    private static func names(of headers: [(name: String, value: String)]) -> String {
        merged(headers).map(\.name).joined(separator: ";")
    }

    /// The fields by lower-case name, in their order; the values of one name joined, without superfluous spaces.
    private static func merged(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in headers {
            let words = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            values[name.lowercased(), default: []].append(words)
        }
        return values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value.joined(separator: ",")) }
    }
}

extension String {
    /// All but letters, digits, `-`, `.`, `_` and `~` as percent signs with two digits.
    var percentEncoded: String {
        utf8.reduce(into: "") { text, byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isPlain || "-._~".utf8.contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + [byte].hexadecimal.uppercased()
            }
        }
    }
}
