#if Redis
    import Core
    import Foundation
    import TestKit
    import Testing

    /// Two workspaces, as on two machines, that share one project on a Redis server.
    @Suite struct SharedWorkTests {
        private let server: RedisServer

        init() throws { server = try RedisServer.start() }

        private var config: String {
            """
            state: { backend: redis, redis: { port: \(server.port), project: ferry } }
            caching: { backend: redis }
            """
        }

        @Test func machinesShareWorkAndAnswers() async throws {
            let (first, second) = (try await Project(config: config), try await Project(config: config))
            let made = try await first.document("generate", "--seed", "7", "--json")
            #expect(made["hits"]?.int == 0)
            let again = try await second.document("generate", "--seed", "7", "--json")
            #expect(again["hits"]?.int == again["requests"]?.int && again["hits"]?.int ?? 0 > 0)
            let files = FileManager.default.enumerator(atPath: first.path + "/.questfoundry/hot")?.allObjects ?? []
            #expect(!files.contains { "\($0)".hasSuffix(".json") })
        }

        @Test func workersDoWhatWasEnqueuedEachJobOnce() async throws {
            let (first, second) = (try await Project(config: config), try await Project(config: config))
            for seed in 1...3 {
                let waits = try await first.document("generate", "--enqueue", "--seed", "\(seed)", "--json")
                #expect(waits["job"]?.string != nil)
            }
            let workers = [try first.start("worker", "--until-empty"), try second.start("worker", "--until-empty")]
            var output = ""
            for worker in workers {
                let outcome = await worker.outcome()
                #expect(outcome.status == 0, "\(outcome.errors)")
                output += outcome.output
            }
            #expect(output.components(separatedBy: "Job ").count == 4)
        }

        @Test func orderThatNamesAProviderIsNoJob() async throws {
            let project = try await Project(config: config)
            let refused = try await project.run("generate", "--enqueue", "--provider", "embedded")
            #expect(refused.status == 64)
        }

        @Test func serverThatIsAwayEndsACommandWithItsOwnCode() async throws {
            let project = try await Project(config: config + "\nrate_limiting: { max_wait_seconds: 1 }")
            await server.kill()
            let outcome = try await project.run("generate")
            #expect(outcome.status == 69 && outcome.errors.contains("Redis at 127.0.0.1:\(server.port) is away"))
        }

        @Test func passwordToAnotherMachineNeedsAWord() async throws {
            let project = try await Project(
                config: "state: { backend: redis, redis: { host: redis.test, password: hush-hush } }")
            let outcome = try await project.run("generate")
            #expect(outcome.status == 78 && outcome.errors.contains("allow_plaintext"))
            #expect(!outcome.errors.contains("hush"))
        }

        @Test func deadServerOfTheCacheAloneIsNoErrorAtAll() async throws {
            let project = try await Project(
                config: "state: { redis: { port: \(try RawServer.closedPort()) } }\ncaching: { backend: redis }")
            let report = try await project.document("generate", "--json")
            #expect(report["hits"]?.int == 0 && report["state"]?.string == "done")
        }
    }
#endif
