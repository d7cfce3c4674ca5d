import Configuration
import Testing

@Suite struct RedisTests {
    private static let remote = """
        state:
          backend: redis
          redis: { host: Redis.Example, port: 7000, db: 2, username: writer, password: "${BOOK_PASSWORD}",
                prefix: qf, project: ferry, allow_plaintext: true }
        """

    private func remote() throws -> Configuration {
        try #require(load(Self.remote, environment: ["BOOK_PASSWORD": "open-sesame"]).configuration)
    }

    @Test func everySettingIsRead() throws {
        let redis = try remote().state.redis
        #expect(redis.host == "Redis.Example" && redis.port == 7_000 && redis.db == 2)
        #expect(redis.username == "writer" && redis.prefix == "qf" && redis.project == "ferry")
        #expect(redis.password == Secret("open-sesame", variable: "BOOK_PASSWORD"))
        #expect("\(redis)".contains("open-sesame") == false)
    }

    @Test func workspaceFromElsewhereAsksBeforeItSendsAnythingToItsServer() throws {
        var configuration = try remote()
        #expect(
            configuration.untrusted(environment: [:]).map(\.description) == [
                "texts to redis.example", "BOOK_PASSWORD to redis.example",
            ])
        let error = #expect(throws: ConfigurationError.self) { try configuration.redisServer() }
        #expect(error?.code == .untrustedHost && error?.message.contains("--trust") == true)
        configuration.trust = .everything
        #expect(try configuration.redisServer()?.port == 7_000)
    }

    @Test func serverOnThisMachineNeedsNoQuestionAndOneThatIsNotUsedNone() throws {
        let local = try #require(load("caching: {backend: redis}").configuration)
        #expect(local.untrusted(environment: [:]).isEmpty)
        #expect(try local.redisServer()?.host == "127.0.0.1")
        let unused = try #require(load("state: {redis: {host: redis.example}}").configuration)
        #expect(try unused.redisServer() == nil && unused.untrusted(environment: [:]).isEmpty)
    }
}
