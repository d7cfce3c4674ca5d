import Foundation
import Glibc

/// A redis-server of a test's own, on a free port, with its data in its own folder.
public final class RedisServer: Sendable {
    public struct NotReady: Error {}

    public let port: Int
    private let folder: TemporaryFolder
    private let options: [String]
    private let program: RunningProgram

    /// Starts one, with further options; what it has acknowledged survives a kill.
    public static func start(_ options: [String] = []) throws -> RedisServer {
        // Somebody else may take the port between choosing and using it.
        for _ in 0..<4 {
            if let server = try? RedisServer(port: freePort(), in: TemporaryFolder(), options) { return server }
        }
        return try RedisServer(port: freePort(), in: TemporaryFolder(), options)
    }

    private init(port: Int, in folder: TemporaryFolder, _ options: [String]) throws {
        self.port = port
        self.folder = folder
        self.options = options
        let words =
            [
                "--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.path, "--appendonly", "yes",
                "--appendfsync", "always", "--save", "", "--daemonize", "no",
            ] + options
        program = try Program.start(words, of: "/usr/bin/redis-server", in: folder.path)
        try waitUntilReady()
    }

    deinit { program.send(SIGKILL) }

    /// Ends it at once, as a crash does.
    public func kill() async {
        program.send(SIGKILL)
        _ = await program.outcome()
    }

    /// Starts it again on the same port and data, when it was killed.
    public func restarted() throws -> RedisServer { try RedisServer(port: port, in: folder, options) }

    public func stop() { program.send(SIGSTOP) }
    public func resume() { program.send(SIGCONT) }

    /// What `redis-cli` prints.
    @discardableResult
    public func command(_ words: String...) async throws -> String {
        let arguments = ["-p", "\(port)"] + words
        return try await Program.run(arguments, of: "/usr/bin/redis-cli", in: folder.path).output
    }

    private func waitUntilReady() throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline, !program.hasEnded {
            if Self.answers(port) { return }
            usleep(2_000)
        }
        throw NotReady()
    }

    /// A port below those that the kernel hands out by itself: nobody is given it while its server is being restarted.
    private static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 15_000...30_000)
            if isFree(port) { return port }
        }
        throw NotReady()
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Whether somebody there says what a Redis says, be it that one has to sign in.
    private static func answers(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected, send(descriptor, "PING\r\n", 6, Int32(MSG_NOSIGNAL)) == 6 else { return false }
        var reply = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &reply, reply.count, 0)
        guard count > 0 else { return false }
        let text = String(decoding: reply.prefix(count), as: UTF8.self)
        return text.hasPrefix("+PONG") || text.hasPrefix("-NOAUTH")
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }
}
