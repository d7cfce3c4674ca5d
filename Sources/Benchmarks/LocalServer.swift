import Core
import Foundation
import Glibc
import Synchronization

/// A server on a free loopback port that answers each POST with a streamed chat answer, a thread a connection.
final class LocalServer: Sendable {
    /// What it answers.
    enum Answers {
        /// The same, at once.
        case same
        /// The pieces of a text for a request's body, so many a second.
        case streamed(perSecond: Int, pieces: @Sendable (JSONValue) -> [String])
    }

    let url: String
    private let answers: Answers
    private let counts = Mutex((requests: 0, pieces: 0))

    /// What was asked and sent until now.
    var served: (requests: Int, pieces: Int) { counts.withLock { $0 } }

    init(_ answers: Answers = .same) throws {
        self.answers = answers
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
        Thread.detachNewThread { [self] in
            while case let peer = accept(socket, nil, nil), peer >= 0 {
                Thread.detachNewThread { self.serve(peer) }
            }
        }
    }

    /// What comes after the text of an answer.
    private static let end = [
        #"{"id":"1","model":"gpt-4o-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
        #"{"id":"1","model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":900,"completion_tokens":150,"total_tokens":1050}}"#,
        "[DONE]",
    ].map { "data: \($0)\n\n" }.joined()

    private static let reply: [UInt8] = {
        let text = Sample.text(600)
        let first =
            #"{"id":"1","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"role":"assistant","content":"\#(text)"}}]}"#
        let body = "data: \(first)\n\n" + end
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return Array((head + body).utf8)
    }()

    private func serve(_ peer: Int32) {
        var one: Int32 = 1
        setsockopt(peer, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(peer, &buffer, buffer.count, 0), count > 0 {
            received += buffer[..<count]
            guard let end = Self.length(of: received), received.count >= end else { continue }
            guard answer(received[..<end], to: peer) else { break }
            received.removeFirst(end)
        }
        close(peer)
    }

    /// Returns whether all of it could be sent.
    private func answer(_ request: ArraySlice<UInt8>, to peer: Int32) -> Bool {
        guard case .streamed(let rate, let pieces) = answers else { return Self.send(Self.reply, to: peer) }
        // Whoever only looks what is there posts nothing.
        guard request.starts(with: "POST".utf8) else {
            return Self.send(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8), to: peer)
        }
        let body = request.firstRange(of: "\r\n\r\n".utf8).map { request[$0.upperBound...] } ?? []
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        guard Self.send(Array(head.utf8), to: peer) else { return false }
        counts.withLock { $0.requests += 1 }
        var due = DispatchTime.now().uptimeNanoseconds
        for piece in pieces((try? JSONValue(parsing: body)) ?? .null) {
            due += 1_000_000_000 / UInt64(rate)
            let now = DispatchTime.now().uptimeNanoseconds
            if due > now { usleep(UInt32((due - now) / 1_000)) }
            let event: JSONValue = [
                "id": "1", "choices": [["index": 0, "delta": ["content": JSONValue(piece)]]],
            ]
            guard Self.send(Self.chunk("data: \(event.text())\n\n"), to: peer) else { return false }
            counts.withLock { $0.pieces += 1 }
        }
        return Self.send(Self.chunk(Self.end) + Array("0\r\n\r\n".utf8), to: peer)
    }

    private static func send(_ bytes: [UInt8], to peer: Int32) -> Bool {
        Glibc.send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    private static func chunk(_ text: String) -> [UInt8] {
        Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8)
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
