import Core
import Foundation
import Synchronization
import TestKit
import Testing

/// What a process leaves that is killed in the middle of its work.
@Suite struct KillTests {
    /// Answers so many requests, then holds the next one for ever.
    private static func server(holding last: Int, asked: Signal) async throws -> FakeOpenAIServer {
        let count = Mutex(0)
        return try await FakeOpenAIServer.start { request in
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number >= last else { return .answer(FakeStory.answer(to: request.body)) }
            asked.fire()
            await Signal().wait()
            return .error(status: 503, message: "never said")
        }
    }

    @Test(arguments: [1, 2, 5, 8, 12, 14])
    func everyStoredArtifactAndEveryCentIsThereAfterAKill(held: Int) async throws {
        let asked = Signal()
        let server = try await Self.server(holding: held, asked: asked)
        let project = try await Project(config: Project.config(server))
        let program = try project.start("generate", "--seed", "7", "--count", "3")
        await asked.wait()
        program.send(SIGKILL)
        let outcome = await program.outcome()
        #expect(outcome.status == SIGKILL)

        let answered = server.requests.dropLast()
        #expect(answered.count == held - 1)
        let open = try #require(server.requests.last?.body).worstCase
        let status = try await project.document("status", "--json")
        #expect(status["costs"]?["all"]?.money == server.reportedCost + open)
        #expect(status["costs"]?["estimated_part"]?.money == open)
        #expect(status["session"]?["running"]?.bool == false)
        #expect(status["session"]?["state"]?.string == "interrupted")

        let stored = outcome.errors.split(separator: "\n").filter { $0.contains("→ ") && !$0.contains("$") }
            .compactMap { line in line.split(separator: " ").dropFirst(2).first.map(String.init) }
        #expect(held < 5 || !stored.isEmpty)
        let files = FileManager.default.enumerator(atPath: project.path + "/.questfoundry/hot")
        let names = (files?.compactMap { $0 as? String } ?? [])
        for id in stored {
            let file = try #require(names.first { $0.hasSuffix("/\(id).json") }, "\(id) is lost")
            #expect(try project.artifact(".questfoundry/hot/" + file)["metadata"]?["id"]?.string == id)
        }
        #expect(!names.contains { $0.hasSuffix(".tmp") })
    }

    @Test func aRunAfterAKillGoesOnFromWhatWasPaidFor() async throws {
        let asked = Signal()
        let held = Mutex(true)
        let server = try await FakeOpenAIServer.start { request in
            let isScene = request.body["messages"]?.array?.last?["content"]?.string?.contains("form: scene") == true
            if isScene, held.withLock({ $0 }) {
                asked.fire()
                await Signal().wait()
            }
            return .answer(FakeStory.answer(to: request.body))
        }
        let project = try await Project(config: Project.config(server))
        let program = try project.start("generate", "--seed", "7", "--count", "1")
        await asked.wait()
        program.send(SIGKILL)
        _ = await program.outcome()
        held.withLock { $0 = false }
        let before = server.served
        let report = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        #expect(report["hits"]?.int == before - 1)
        #expect(report["state"]?.string == "done")
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalEndsTheRunCleanly(signal: Int32) async throws {
        let asked = Signal()
        let server = try await Self.server(holding: 3, asked: asked)
        let project = try await Project(config: Project.config(server))
        let program = try project.start("generate", "--json")
        await asked.wait()
        program.send(signal)
        let outcome = await program.outcome()
        #expect(outcome.status == 130, "\(outcome.errors)")
        #expect(try JSONValue(parsing: outcome.output)["state"]?.string == "cancelled")
        let status = try await project.document("status", "--json")
        let open = try #require(server.requests.last?.body).worstCase
        #expect(status["costs"]?["all"]?.money == server.reportedCost + open)
        #expect(status["session"]?["state"]?.string == "cancelled")
    }
}
