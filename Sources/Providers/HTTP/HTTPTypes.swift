import Core
import Foundation

/// A request as it will be sent.
protocol HTTPOutgoing: Sendable {
    var url: URL { get }
    var headers: [(name: String, value: String)] { get }
    /// nil makes it a GET, anything else a POST.
    var content: Data? { get }
    /// The most bytes of its response's body that are taken, counted after decompression.
    var byteLimit: Int { get }
}

/// A POST as it will be sent.
struct HTTPPost: HTTPOutgoing {
    var url: URL
    var headers: [(name: String, value: String)]
    var body: Data

    var content: Data? { body }
    var byteLimit: Int { HTTPExchange.byteLimit }
}

/// A GET as it will be sent.
struct HTTPGet: HTTPOutgoing {
    var url: URL
    var headers: [(name: String, value: String)]
    var byteLimit: Int

    var content: Data? { nil }
}

/// How long the parts of an exchange may take, in seconds.
struct HTTPTimeouts: Hashable, Sendable {
    /// From sending until the response begins.
    var firstByte: Double
    /// Between two parts of the response.
    var idle: Double
    /// From sending until the response's end.
    var total: Double
}

/// The beginning of a response.
struct HTTPHead: Hashable, Sendable {
    var status: Int
    /// The header fields by lower-case name; of a field that comes twice, the last.
    var fields: [String: String]
    var receivedAt: Moment

    var isSuccess: Bool { (200..<300).contains(status) }

    /// The media type in lower case, without parameters; empty when the server named none.
    var contentType: String {
        let media = fields["content-type"]?.split(separator: ";", omittingEmptySubsequences: false).first ?? ""
        return media.trimmingCharacters(in: .whitespaces).lowercased()
    }
}

/// What arrives in an exchange: one head, then the body as it comes.
enum HTTPEvent: Sendable {
    case head(HTTPHead)
    case bytes(Data)
}

/// Why an exchange ended without a whole response.
enum HTTPFailure: Error, Hashable, Sendable {
    enum Limit: String, Sendable { case firstByte, idle, total }

    /// libcurl cannot be loaded.
    case noLibrary
    /// Nobody listens there, or the way there is closed.
    case refused
    case hostNotFound
    /// The server's certificate was not accepted, or it speaks no TLS.
    case insecure
    case timedOut(Limit)
    /// The proxy does not lead there, or does not exist; its answer, when it gave one.
    case noWay(proxyStatus: Int?)
    /// The connection broke.
    case interrupted
    case tooLarge
    /// The server pointed to another address.
    case redirected(to: String)

    /// Whether the request certainly never left this machine.
    var isUnsent: Bool {
        switch self {
        case .noLibrary, .refused, .hostNotFound, .insecure, .noWay: true
        case .timedOut, .interrupted, .tooLarge, .redirected: false
        }
    }
}
