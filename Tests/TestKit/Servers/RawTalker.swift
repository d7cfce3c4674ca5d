import Foundation
import Glibc

/// A TCP server on a free loopback port that says the same to everyone, whatever it is told.
public final class RawTalker: Sendable {
    public let port: Int
    private let socket: Int32

    public init(says text: String) throws {
        let listening = try RawSocket.bound(isListening: true)
        socket = listening.descriptor
        port = Int(listening.port)
        Thread.detachNewThread { [socket] in
            while true {
                let peer = accept(socket, nil, nil)
                guard peer >= 0 else { return }
                _ = Array(text.utf8).withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                Thread.detachNewThread {
                    var bytes = [UInt8](repeating: 0, count: 1_024)
                    while recv(peer, &bytes, bytes.count, 0) > 0 {}
                    close(peer)
                }
            }
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }
}
