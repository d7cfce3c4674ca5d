#if Redis
    import Configuration
    import Core
    import Foundation
    import SuiteKit
    import TestKit
    import Testing

    @testable import RedisStores
    @testable import Workspace

    @Suite struct RedisStateStoreTests {
        private let server: RedisServer
        private let time = ManualTime()

        init() throws { server = try RedisServer.start() }

        private func store(project: String = "Ferry") throws -> RedisStateStore {
            RedisStateStore(
                RedisConnection(.sample(server), times: .patient), keys: RedisKeys(RedisSettings(), project: project),
                project: ProjectInfo(name: "Ferry", brief: "", at: time.now()), time: time)
        }

        @Test(arguments: StateStoreContract.promises)
        func keepsItsWord(_ promise: StateStoreContract.Promise) async throws {
            try await promise.check(StateStoreContract(store(), time: time))
        }

        private func artifact(_ title: String) -> Artifact {
            Artifact(id: "pier", type: "scene", data: ["title": JSONValue(title)])
        }

        @Test func machinesSeeEachOthersStateAndLoseNothingSilently() throws {
            let (mine, theirs) = (try store(), try store())
            try mine.write(artifact("Pier"), .hot, over: nil)
            #expect(try theirs.artifact("pier", .hot) == artifact("Pier"))
            try theirs.write(artifact("Old pier"), .hot, over: artifact("Pier").stamp)
            let error = #expect(throws: WorkspaceError.self) {
                try mine.write(artifact("New pier"), .hot, over: artifact("Pier").stamp)
            }
            #expect(error?.code == .conflict)
            #expect(try mine.artifact("pier", .hot) == artifact("Old pier"))
        }

        @Test func projectsOfOneServerAreApart() throws {
            try store().write(artifact("Pier"), .hot, over: nil)
            #expect(try store(project: "Other").artifact("pier", .hot) == nil)
            #expect(try store(project: "Other").artifacts(ArtifactQuery()).total == 0)
        }

        @Test func whatWasAcknowledgedSurvivesTheServersDeath() async throws {
            let store = try store()
            try store.write(artifact("Pier"), .cold, over: nil)
            await server.kill()
            let error = #expect(throws: WorkspaceError.self) { try store.artifact("pier", .cold) }
            #expect(error?.code == .unavailable && error?.message.contains("\(server.port)") == true)
            let again = try server.restarted()
            #expect(try self.store().artifact("pier", .cold) == artifact("Pier"))
            #expect(try self.store().history().count == 1)
            withExtendedLifetime(again) {}
        }

        @Test func whatAnotherProgramWroteIsRefusedAndNamed() throws {
            let store = try store()
            for (command, key) in [("HSET", "state:hot:artifacts"), ("HSET", "state:hot:summaries")] {
                _ = try store.redis.answerNow([RedisWord(command), RedisWord(store.keys.key(key)), "pier", "[1"])
            }
            let error = #expect(throws: WorkspaceError.self) { try store.artifact("pier", .hot) }
            #expect(error?.code == .damaged)
            #expect(try store.artifacts(ArtifactQuery()).problems.count == 1)
        }

        @Test func replacementTakesEverythingsPlaceAndKeepsTheHistory() throws {
            let folder = try TemporaryFolder()
            let other = MemoryStore(ProjectInfo(name: "Harbour", brief: "b", at: time.now()), time: time)
            other.save(other.project())
            try other.write(artifact("Quay"), .hot, over: nil)
            try other.save(ThematicUnit(id: "TU-1", status: "open", at: time.now()))
            try other.add(Snapshot(id: "S", unit: "TU-1", description: "", at: time.now()), holding: [artifact("Quay")])
            var text = ""
            _ = try StateExport(of: other, includesHistory: false).write(at: time.now()) { text += $0 }
            try text.write(toFile: folder.file("export.jsonl"), atomically: true, encoding: .utf8)
            let store = try store()
            try store.write(
                Artifact(id: "gone", type: "canon", data: ["name": "Fog"]), .cold, over: nil)
            try store.replaceAll(with: StateSource(path: folder.file("export.jsonl")))
            #expect(try store.project().name == "Harbour")
            #expect(try store.artifacts(ArtifactQuery()).summaries.map(\.id) == ["pier"])
            #expect(try store.units().count == 1 && store.contents(ofSnapshot: "S") == [artifact("Quay")])
            #expect(try store.history().map(\.entityID) == ["gone"])
            let keys = try store.redis.answerNow(["KEYS", "*draft*"])
            #expect(keys == .list([]))
        }
    }
#endif
