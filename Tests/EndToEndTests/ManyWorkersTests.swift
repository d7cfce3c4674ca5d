#if Redis
    import Core
    import Foundation
    import Synchronization
    import SuiteKit
    import TestKit
    import Testing

    /// Eight workers on one line of jobs, of which two are killed.
    @Suite(.oneAtATime, .timeLimit(.minutes(20))) struct ManyWorkersTests {
        /// The fake provider's view of the workers, which it tells apart by their keys.
        private final class Crew: Sendable {
            private let asked = Mutex<[String: Int]>([:])
            let victims = ["worker-0": Signal(), "worker-1": Signal()]
            /// Fires when another one has begun.
            let others = Signal()

            /// Answers, but holds a victim's seventh request for ever.
            func answer(_ request: FakeOpenAIServer.Request) async -> FakeReply {
                let name = String((request.headers["authorization"] ?? "").dropFirst("Bearer ".count))
                let count = asked.withLock { asked in
                    asked[name, default: 0] += 1
                    return asked[name]
                }
                guard let victim = victims[name] else {
                    others.fire()
                    return .answer(FakeStory.answer(to: request.body))
                }
                guard count == 7 else { return .answer(FakeStory.answer(to: request.body)) }
                victim.fire()
                await Signal().wait()
                return .error(status: 503, message: "never said")
            }
        }

        private static let jobs = 24

        private func project(_ number: Int, _ server: FakeOpenAIServer, _ redis: RedisServer) async throws -> Project {
            try await Project(
                config: """
                    providers:
                      text:
                        default: fake
                        fake:
                          { type: openai, base_url: \(server.baseURL.absoluteString), model: tiny, max_tokens: 500,
                            api_key: worker-\(number) }
                    state: { backend: redis, redis: { port: \(redis.port), project: ferry } }
                    caching: { backend: redis }
                    """)
        }

        @Test func jobsOfKilledWorkersAreDoneByTheOthersAndNothingIsStoredTwice() async throws {
            let redis = try RedisServer.start()
            let crew = Crew()
            let server = try await FakeOpenAIServer.start { await crew.answer($0) }
            var projects: [Project] = []
            for number in 0..<8 { projects.append(try await project(number, server, redis)) }
            for seed in 1...Self.jobs {
                _ = try await projects[0].document(
                    "generate", "--enqueue", "--seed", "\(seed)", "--count", "2", "--json")
            }
            let victims = try projects[..<2].map { try $0.start("worker") }
            for signal in crew.victims.values { await signal.wait() }
            let others = try projects[2...].map { try $0.start("worker", "--until-empty") }
            await crew.others.wait()
            for victim in victims {
                victim.send(SIGKILL)
                #expect(await victim.outcome().status == SIGKILL)
            }
            var done = 0
            for worker in others {
                let outcome = await worker.outcome()
                #expect(outcome.status == 0, "\(outcome.errors)")
                done += outcome.output.components(separatedBy: "story_spark done").count - 1
            }
            #expect(done == Self.jobs)
            #expect(try await redis.command("XLEN", "{questfoundry:ferry}:jobs") == "0\n")
            try await expectEveryArtifactOnce(projects[7])
        }

        /// An artifact has as many revisions as steps have written it, and every job as many artifacts as another.
        private func expectEveryArtifactOnce(_ project: Project) async throws {
            let export = try await project.run("state", "export").output.split(separator: "\n")
            var bySeed: [Int: Int] = [:]
            for line in export {
                let record = try JSONValue(parsing: String(line))
                guard record["record"]?.string == "artifact", let metadata = record["document"]?["metadata"],
                    let seed = metadata["provenance"]?["seed"]?.int
                else { continue }
                bySeed[seed, default: 0] += 1
                #expect(metadata["revision"]?.int == metadata["written"]?.object?.members.count, "\(line)")
            }
            #expect(bySeed.count == Self.jobs && Set(bySeed.values) == [10], "\(bySeed)")
        }
    }
#endif
