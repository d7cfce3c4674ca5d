public import Foundation
import Glibc
import Synchronization

/// A TCP server on a free loopback port that says what a test tells it to, byte by byte.
///
/// Each connection runs the script on a thread of its own, after one whole request has been read.
public final class RawServer: Sendable {
    public let port: UInt16
    private let socket: Int32

    public var baseURL: URL { URL(string: "http://127.0.0.1:\(port)/v1") ?? URL(filePath: "/") }

    /// Throws when no port can be had.
    public init(_ script: @escaping @Sendable (RawConnection) -> Void) throws {
        let listening = try RawSocket.bound(isListening: true)
        socket = listening.descriptor
        port = listening.port
        let descriptor = listening.descriptor
        Thread.detachNewThread {
            while true {
                let peer = accept(descriptor, nil, nil)
                guard peer >= 0 else { return }
                Thread.detachNewThread {
                    guard let connection = RawConnection(peer) else { return }
                    script(connection)
                    connection.close()
                }
            }
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    /// A loopback port on which nobody listens, nor will as long as the process runs: its socket stays bound.
    public static func closedPort() throws -> UInt16 { try RawSocket.bound(isListening: false).port }
}

/// One connection of a ``RawServer``. Writing to a peer that is gone does nothing.
public final class RawConnection: Sendable {
    /// The request's head and body as they came; empty when the peer speaks no HTTP.
    public let request: String
    private let socket: Mutex<Int32>

    init?(_ descriptor: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        guard let text = Self.readRequest(descriptor) else {
            Glibc.close(descriptor)
            return nil
        }
        request = text
        socket = Mutex(descriptor)
    }

    public func send(_ bytes: some Sequence<UInt8>) {
        socket.withLock { descriptor in
            var rest = Array(bytes)[...]
            while !rest.isEmpty, descriptor >= 0 {
                let sent = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return }
                rest = rest.dropFirst(sent)
            }
        }
    }

    public func send(_ text: String) { send(text.utf8) }

    /// Sends a head without a length: the body ends with the connection.
    public func sendHead(_ status: String = "200 OK", contentType: String, _ more: String = "") {
        send("HTTP/1.1 \(status)\r\nContent-Type: \(contentType)\r\nConnection: close\r\n\(more)\r\n")
    }

    /// Breaks the connection, so that the peer sees a reset and not an end.
    public func reset() {
        socket.withLock { descriptor in
            var off = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &off, socklen_t(MemoryLayout<linger>.size))
        }
        close()
    }

    /// Whether the peer closes its side within so many milliseconds; returns as soon as it does.
    public func isClosed(within milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: socket.withLock { $0 }, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) > 0
    }

    /// Returns when the peer has closed its side.
    public func waitUntilClosed() {
        let descriptor = socket.withLock { $0 }
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }

    public func close() {
        socket.withLock { descriptor in
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    private static func readRequest(_ descriptor: Int32) -> String? {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            received += buffer[..<count]
            // A POST or a GET, or what a proxy is asked; anything else is no HTTP.
            guard "PGC".utf8.contains(received[0]) else { return "" }
            let text = String(decoding: received, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let length = text[..<end.lowerBound].split(separator: "\r\n").compactMap { line in
                line.lowercased().hasPrefix("content-length:") ? Int(line.dropFirst(15).filter(\.isNumber)) : nil
            }.first
            if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
        }
    }
}

enum RawSocket {
    static func bound(isListening: Bool) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && (!isListening || listen(descriptor, 64) == 0)
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EADDRNOTAVAIL) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}
