#if Redis
    import Configuration
    import Core
    import Foundation
    import TestKit
    import Testing

    @testable import RedisStores
    @testable import Workspace

    @Suite struct RedisStateStoreTests {
        private let server: RedisServer
        private let folder: TemporaryFolder
        private let time = ManualTime()

        init() throws {
            server = try RedisServer.start()
            folder = try TemporaryFolder()
        }

        private func store(_ project: String = "Ferry", times: RedisTimes = RedisTimes()) -> RedisStateStore {
            let settings = RedisSettings.sample(server)
            return RedisStateStore(
                connection: RedisConnection(settings, times: times), keys: RedisKeys(settings, project: project),
                initial: ProjectInfo(name: "Ferry", brief: "", at: time.now()), time: time)
        }

        @Test(arguments: StateStoreContract.promises)
        func keepsItsWord(_ promise: StateStoreContract.Promise) async throws {
            try await promise.check(StateStoreContract(store(), time: time))
        }

        private let pier = Artifact(id: "pier", type: "scene", data: ["title": "Pier"])

        @Test func machinesSeeWhatTheOtherWrites() throws {
            let (one, other) = (store(), store())
            try one.write(pier, .hot, over: nil)
            #expect(try other.artifact("pier", .hot) == pier)
            let error = #expect(throws: WorkspaceError.self) { try other.write(pier, .hot, over: nil) }
            #expect(error?.code == .conflict)
            #expect(try other.artifacts(ArtifactQuery()).summaries.map(\.title) == ["Pier"])
        }

        @Test func everythingIsReplacedByAnExport() throws {
            let source = MemoryStore(ProjectInfo(name: "Quay", brief: "b", at: time.now()), time: time)
            for number in 1...250 {
                try source.write(
                    Artifact(id: "s\(number)", type: "scene", data: ["n": JSONValue(number)]), .hot, over: nil)
            }
            try source.write(pier, .cold, over: nil)
            try source.save(ThematicUnit(id: "TU-1", status: "open", at: time.now()))
            try source.add(Snapshot(id: "SNAP-1", unit: "TU-1", description: "", at: time.now()), holding: [pier])
            let path = folder.file("x.jsonl")
            var text = ""
            _ = try StateExport(of: source, includesHistory: true).write(at: time.now()) { text += $0 }
            try Data(text.utf8).write(to: URL(filePath: path))
            let target = store()
            try target.write(Artifact(id: "old", type: "scene", data: [:]), .hot, over: nil)
            _ = try StateImport(into: target).replace(with: StateSource(path: path))
            var back = ""
            _ = try StateExport(of: target, includesHistory: true).write(at: time.now()) { back += $0 }
            #expect(back == text)
            #expect(try target.artifact("old", .hot) == nil)
        }

        @Test func whatTheServerHoldsIsNotTrusted() async throws {
            let store = store()
            let hot = store.keys.key("state:hot")
            for value in ["no JSON", #"{"record":"artifact","temperature":"hot","id":"../x","document":{}}"#, "{}"] {
                _ = try store.connection.askNow([RedisCommand("HSET", RedisWord(hot), "pier", RedisWord(value))])
                let error = #expect(throws: WorkspaceError.self) { try store.artifact("pier", .hot) }
                #expect(error?.code == .damaged && error?.message.contains("127.0.0.1") == true)
            }
        }

        @Test func whileTheServerIsAwayNothingIsClaimed() async throws {
            let store = store(times: .short)
            try store.write(pier, .hot, over: nil)
            await server.kill()
            let error = #expect(throws: WorkspaceError.self) {
                try store.write(Artifact(id: "fog", type: "scene", data: [:]), .hot, over: nil)
            }
            #expect(error?.code == .unavailable && error?.message.contains("is away") == true)
        }
    }
#endif
