import Foundation
import Glibc

/// A server on a free loopback port that answers each POST with the same streamed chat answer, a thread a connection.
final class LocalServer: Sendable {
    let url: String

    init() throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, size) == 0 && listen(socket, 512) == 0 && getsockname(socket, pointer, &size) == 0
            }
        }
        guard bound else { throw CocoaError(.fileNoSuchFile) }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/v1"
        Thread.detachNewThread {
            while case let peer = accept(socket, nil, nil), peer >= 0 {
                Thread.detachNewThread { Self.serve(peer) }
            }
        }
    }

    private static let reply: [UInt8] = {
        let text = Sample.text(600)
        let events = [
            #"{"id":"1","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"role":"assistant","content":"\#(text)"}}]}"#,
            #"{"id":"1","model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            #"{"id":"1","model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":900,"completion_tokens":150,"total_tokens":1050}}"#,
            "[DONE]",
        ]
        let body = events.map { "data: \($0)\n\n" }.joined()
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }()

    private static func serve(_ peer: Int32) {
        var one: Int32 = 1
        setsockopt(peer, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(peer, &buffer, buffer.count, 0), count > 0 {
            received += buffer[..<count]
            guard let end = length(of: received), received.count >= end else { continue }
            received.removeFirst(end)
            guard send(peer, reply, reply.count, Int32(MSG_NOSIGNAL)) == reply.count else { break }
        }
        close(peer)
    }

    /// How long the request at the front is; nil while its head is not whole.
    private static func length(of bytes: [UInt8]) -> Int? {
        let text = Data(bytes)
        guard let end = text.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: text[..<end.lowerBound], as: UTF8.self).lowercased()
        let field = head.range(of: "content-length: ").map { head[$0.upperBound...].prefix { $0.isNumber } }
        return end.upperBound + (field.flatMap { Int($0) } ?? 0)
    }
}
