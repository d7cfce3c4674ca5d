#if Redis
    import Configuration
    import Foundation
    import TestKit
    import Testing

    @testable import RedisStores

    @Suite(.timeLimit(.minutes(10))) struct RedisConnectionTests {
        private func get(_ connection: RedisConnection, _ key: String) async throws -> RedisReply? {
            try await connection.ask([RedisCommand("GET", RedisWord(key))]).first
        }

        @Test func answersComeInTheOrderOfTheQuestions() async throws {
            let server = try RedisServer.start()
            let connection = RedisConnection(.sample(server))
            let value = "1\r\n$3\r\né\u{0}"
            let replies = try await connection.ask([
                RedisCommand("SET", "a", RedisWord(value)), RedisCommand("GET", "a"), RedisCommand("GET", "b"),
                RedisCommand("INCR", "n"), RedisCommand("LRANGE", "l", "0", "-1"), RedisCommand("NONSENSE"),
            ])
            #expect(
                replies == [
                    .bytes(Data("OK".utf8)), .bytes(Data(value.utf8)), .null, .whole(1), .list([]), .error("ERR"),
                ])
            #expect(try connection.askNow([RedisCommand("INCR", "n")]) == [.whole(2)])
        }

        @Test func manyTasksShareOneConnectionAndEachGetsItsOwnAnswer() async throws {
            let server = try RedisServer.start()
            let connection = RedisConnection(.sample(server))
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<500 {
                    group.addTask {
                        let text = "\(index)-" + String(repeating: "x", count: index)
                        let set = RedisCommand("SET", RedisWord("k\(index)"), RedisWord(text))
                        return try await connection.ask([set, RedisCommand("GET", RedisWord("k\(index)"))]).last?.text
                            == text
                    }
                }
                for try await isOwn in group { #expect(isOwn) }
            }
            #expect(try await server.command("INFO", "clients").contains("connected_clients:2"))
        }

        @Test func largeValueComesBackWhole() async throws {
            let server = try RedisServer.start()
            // However long the machine takes over it.
            let connection = RedisConnection(.sample(server), times: .patient)
            let large = Data((0..<20_000_000).map { UInt8(truncatingIfNeeded: $0) })
            _ = try await connection.ask([RedisCommand("SET", "large", RedisWord(large))])
            #expect(try await get(connection, "large")?.data == large)
        }

        @Test func userSignsInWithItsPassword() async throws {
            let server = try RedisServer.start([
                "--user", "writer", "on", ">open-sesame", "~*", "+@all", "--user", "default", "off",
            ])
            let connection = RedisConnection(
                .sample(server) {
                    $0.username = "writer"
                    $0.password = Secret("open-sesame")
                    $0.db = 3
                })
            #expect(try await connection.ask([RedisCommand("ACL", "WHOAMI")]).first?.text == "writer")
            #expect(try await connection.ask([RedisCommand("CLIENT", "INFO")]).first?.text?.contains(" db=3 ") == true)
        }

        @Test func wrongPasswordIsToldWithoutIt() async throws {
            let server = try RedisServer.start(["--requirepass", "right"])
            for password in [nil, "wrong-one"] {
                let connection = RedisConnection(.sample(server) { $0.password = password.map { Secret($0) } })
                let error = await #expect(throws: RedisError.self) { try await connection.ask([RedisCommand("PING")]) }
                #expect(error?.code == .notPermitted && error?.place == "127.0.0.1:\(server.port)")
                #expect(error?.description.contains("state.redis.username and password") == true)
                #expect(error?.description.contains("wrong-one") == false)
            }
        }

        @Test func nobodyThereIsToldAtOnceWithThePlaceAndTheRemedy() async throws {
            let port = try Int(RawServer.closedPort())
            var settings = RedisSettings()
            settings.port = port
            let connection = RedisConnection(settings, times: .short)
            for _ in 0..<3 {
                let error = await #expect(throws: RedisError.self) { try await connection.ask([RedisCommand("PING")]) }
                #expect(error?.code == .away)
                #expect(error?.description.contains("127.0.0.1:\(port)") == true)
                #expect(error?.description.contains("check state.redis.host and port") == true)
            }
        }

        @Test func killedServerIsNoticedWithoutAQuestionAndFoundAgain() async throws {
            let server = try RedisServer.start()
            let log = HealthLog()
            let connection = RedisConnection(.sample(server), times: .short, onChange: log.note)
            _ = try await connection.ask([RedisCommand("SET", "a", "kept")])
            await server.kill()
            await eventually("away") { connection.health.error?.code == .away }
            let back = try server.restarted()
            await eventually("back") { connection.health.isConnected }
            #expect(try await get(connection, "a")?.text == "kept")
            let states = log.states
            #expect(states.count == 3 && states.first == .connected && states.last == .connected)
            _ = back
        }

        @Test func stoppedServerIsNoticedByTheHeartbeatAndFailsWhatWasAsked() async throws {
            let server = try RedisServer.start()
            let connection = RedisConnection(.sample(server), times: .short)
            _ = try await connection.ask([RedisCommand("PING")])
            server.stop()
            await eventually("away") { connection.health.error != nil }
            let error = await #expect(throws: RedisError.self) { try await connection.ask([RedisCommand("PING")]) }
            #expect(error?.code == .away)
            server.resume()
            await eventually("back") { connection.health.isConnected }
            #expect(try await connection.ask([RedisCommand("ECHO", "x")]).first?.text == "x")
        }

        @Test func questionUnderWayFailsWhenTheServerStops() async throws {
            let server = try RedisServer.start()
            let connection = RedisConnection(
                .sample(server), times: RedisTimes(connect: 500, command: 300, idle: 60_000, backoff: 10...50))
            _ = try await connection.ask([RedisCommand("PING")])
            server.stop()
            let error = await #expect(throws: RedisError.self) { try await connection.ask([RedisCommand("PING")]) }
            #expect(error?.code == .away && error?.cause.hasPrefix("no answer in ") == true)
            server.resume()
        }

        @Test func scriptIsSentAgainWhenTheServerForgotIt() async throws {
            let server = try RedisServer.start()
            let connection = RedisConnection(.sample(server))
            let script = RedisScript("return redis.call('INCRBY', KEYS[1], ARGV[1])")
            #expect(try await script.run(connection, ["n"], ["2"]) == .whole(2))
            #expect(try await script.run(connection, ["n"], ["2"]) == .whole(4))
            try await server.command("SCRIPT", "FLUSH")
            #expect(try script.runNow(connection, ["n"], ["2"]) == .whole(6))
            #expect(try await server.command("INFO", "commandstats").contains("cmdstat_eval:calls=2,"))
        }

        @Test(arguments: ["hello there\r\n", "*99999999\r\n", "$-7\r\n", String(repeating: ":1\r\n", count: 20)])
        func serverThatTalksNonsenseIsAnErrorAndNoCrash(_ nonsense: String) async throws {
            let server = try RawTalker(says: nonsense)
            var settings = RedisSettings()
            settings.port = server.port
            let connection = RedisConnection(settings, times: .short)
            await eventually("misunderstood") { connection.health.error?.code == .misunderstood }
            #expect(connection.health.error?.description.contains("Redis 7 or Valkey") == true)
        }

        @Test func closedConnectionAnswersWhatWasAskedAndNothingMore() async throws {
            let server = try RedisServer.start()
            let connection = RedisConnection(.sample(server))
            for index in 0..<100 { connection.tell([RedisCommand("SET", RedisWord("k\(index)"), "x")]) }
            connection.close()
            let error = await #expect(throws: RedisError.self) { try await connection.ask([RedisCommand("PING")]) }
            #expect(error?.code == .closed)
            #expect(try await server.command("DBSIZE") == "100\n")
        }
    }
#endif
