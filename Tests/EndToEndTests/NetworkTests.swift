import Core
import Foundation
import TestKit
import Testing

/// The built program's way to servers: how much it takes from them, and through whom it goes.
@Suite(.timeLimit(.minutes(10))) struct NetworkTests {
    private static func config(_ address: String, _ more: String = "") -> String {
        """
        providers:
          text:
            default: far
            far: { type: openai, base_url: "\(address)", model: tiny, api_key: "\(key)"\(more) }
        retry: { max_retries: 0 }
        """
    }

    private static let key = "sk-test-0b7d55e1c2"

    /// The most memory that a program has had at once, watched until it ends, in kilobytes. What the system tells of an ended
    /// one counts in what its maker had.
    private func peak(of program: RunningProgram) async -> Int {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var peak = 0
                while let status = try? String(contentsOfFile: "/proc/\(program.processID)/status", encoding: .utf8),
                    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
                {
                    peak = max(peak, Int(line.filter(\.isNumber)) ?? 0)
                }
                continuation.resume(returning: peak)
            }
        }
    }

    @Test func hundredMegabytesAreRefusedInLittleMemory() async throws {
        let server = try RawServer { connection in
            connection.sendHead(contentType: "application/json")
            let block = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 0..<100 where !connection.isClosed(within: 0) { connection.send(block) }
        }
        let project = try await Project(config: Self.config(server.baseURL.absoluteString))
        let program = try project.start("generate", "--count", "1")
        let kilobytes = await peak(of: program)
        let run = await program.outcome()
        #expect(run.status == 69 && run.errors.contains("more than 32 MiB"))
        #expect((10_000..<100_000).contains(kilobytes), "\(kilobytes) kB")
    }

    @Test(arguments: ["HTTPS_PROXY", "https_proxy"])
    func proxyIsAskedForTheWayAndToldNothingElse(variable: String) async throws {
        let heads = Recorder<String>()
        let proxy = try RawServer { connection in
            heads.append(connection.request)
            connection.send("HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n")
        }
        let project = try await Project(config: Self.config("https://stories.invalid/v1"))
        let address = "http://127.0.0.1:\(proxy.port)"
        let run = try await project.run("generate", "--count", "1", environment: [variable: address])
        #expect(run.status == 69, "\(run.errors)")
        #expect(run.errors.contains("the proxy does not lead to stories.invalid (502)"))
        let status = try await project.document("status", "--json")
        #expect(status["costs"]?["all"]?.money == .zero)
        #expect(heads.elements.first?.hasPrefix("CONNECT stories.invalid:443 ") == true)
        let told = heads.elements.joined().lowercased()
        #expect(!told.contains(Self.key) && !told.contains("authorization") && !told.contains("idempotency"))
        // Whom NO_PROXY names is asked without one: nobody is there.
        let around = try await project.run(
            "generate", "--count", "1", environment: [variable: address, "NO_PROXY": "stories.invalid"])
        #expect(around.status == 69 && around.errors.contains("stories.invalid was not found"))
        #expect(heads.count == 1)
    }

    @Test func plainAddressesGoThroughTheirProxyAndThisMachineThroughNone() async throws {
        let proxy = try await FakeOpenAIServer.start()
        let address = "http://127.0.0.1:\(proxy.baseURL.port ?? 0)"
        let project = try await Project(
            config: Self.config("http://stories.invalid/v1", ", allow_http: true"))
        let run = try await project.run("generate", "--count", "1", environment: ["HTTP_PROXY": address])
        #expect(run.status == 0 && proxy.served > 0, "\(run.errors)")
        let server = try await FakeOpenAIServer.start()
        try project.write(config: Self.config(server.baseURL.absoluteString))
        let served = proxy.served
        let own = try await project.run("generate", "--count", "1", environment: ["HTTP_PROXY": address])
        #expect(own.status == 0 && proxy.served == served && server.served > 0)
    }

    @Test func certificatesOfAnotherFileAreTheOnlyOnesTrusted() async throws {
        let proxy = try RawServer { connection in
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            connection.waitUntilClosed()
        }
        let project = try await Project(config: Self.config("https://stories.invalid/v1"))
        let run = try await project.run(
            "generate", "--count", "1",
            environment: [
                "HTTPS_PROXY": "http://127.0.0.1:\(proxy.port)", "SSL_CERT_FILE": project.folder.file("none.pem"),
            ])
        #expect(run.status == 69 && run.errors.contains("no trusted secure connection to stories.invalid"))
    }
}
