import Configuration
import Core
import Foundation
import FoundationNetworking
import GRDB
import Generation
import Metering
import Providers
import ResponseCache
import Synchronization

enum RequestBenchmarks {
    static func run() async throws -> [Figure] {
        let server = try LocalServer()
        let folder = try ScratchFolder()
        let durable = try Way(server, folder.path, isDurable: true)
        let memory = try Way(server, folder.path, isDurable: false)
        return try await [cached(durable, folder.file("bare.db"))] + overhead(durable, memory, folder.file("full.db"))
            + [answeredAtOnce(Way(answeringAtOnceFrom: server.url))] + throughput(durable, memory)
    }

    /// The whole way of a request, with stores on the disk or in memory.
    struct Way: Sendable {
        let generator: Generator
        let provider: any TextProvider
        let url: String

        init(_ server: LocalServer, _ folder: String, isDurable: Bool) throws {
            let time = Sample.time
            var caching = CachingSettings()
            caching.backend = isDurable ? .file : .memory
            caching.cacheDir = folder + "/cache"
            caching.maxCacheSizeMB = 4_096
            let limits = try Sample.limits()
            let url = server.url
            let pool = ProviderPool(time: time) { name, _, _ in
                ResolvedProvider(name: name, type: .openai, baseURL: URL(string: url), model: "gpt-4o-mini")
            }
            let ledger = isDurable ? Ledger(path: folder + "/ledger.db", time: time) : Ledger(inMemoryWith: time)
            let provider = try pool.provider(named: "openai")
            generator = Generator(
                cache: ResponseCache(caching, workspaceRoot: folder, time: time),
                limiter: RateLimiter(ledger: ledger, settings: limits), ledger: ledger, prices: limits, time: time
            ) { call, role throws(ConfigurationError) in try pool.prepare(call, for: role) }
            self.provider = provider
            self.url = url
        }

        func ask(_ number: Int) async throws {
            let request = GenerationRequest(
                id: ULID(at: Sample.time.now()), call: .text(Sample.call(number, endpoint: url)), origin: Sample.origin)
            consume(try await generator.generate(request) { _ in })
        }

        /// The provider's call alone.
        func call(_ number: Int) async throws {
            let id = ULID(at: Sample.time.now())
            consume(
                try await provider.generate(
                    Sample.call(number, endpoint: url), permit: Permit(attempt: id, idempotencyKey: id)
                ) { _ in })
        }
    }

    private static func cached(_ way: Way, _ path: String) async throws -> Figure {
        let bare = try CacheBenchmarks.bareDatabase(path)
        try await bare.write { database in
            try database.execute(sql: "INSERT INTO bare VALUES ('key', ?)", arguments: [Data(Sample.text(2_300).utf8)])
        }
        try await way.ask(1)
        let times = try await Stopwatch.medians(
            rounds: 3_000,
            [
                { _ in
                    let row = try bare.unsafeRead { database in
                        try Row.fetchOne(
                            database.cachedStatement(sql: "SELECT value FROM bare WHERE key = ?"), arguments: ["key"])
                    }
                    consume(row)
                },
                { _ in try await way.ask(1) },
            ])
        return Figure(
            name: "a cached request, whole", value: times[1] / times[0], bound: 8,
            details: String(format: "bare prepared read %.1f µs, request %.1f µs", times[0], times[1]))
    }

    /// What a request that is not cached takes beyond its provider's call.
    private static func overhead(_ durable: Way, _ memory: Way, _ path: String) async throws -> [Figure] {
        let full = try CacheBenchmarks.bareDatabase(path)
        try await full.write { try $0.execute(sql: "CREATE TABLE small (id INTEGER PRIMARY KEY, text TEXT)") }
        let value = Data(Sample.text(2_300).utf8)
        let times = try await Stopwatch.medians(
            rounds: 400,
            [
                { try await durable.call(10_000 + $0) },
                { try await durable.ask(20_000 + $0) },
                { number in
                    try Self.bareTransaction(full, "FULL", "INSERT INTO small VALUES (NULL, ?)", [Sample.text(300)])
                    try Self.bareTransaction(full, "FULL", "INSERT INTO small VALUES (NULL, ?)", [Sample.text(300)])
                    try Self.bareTransaction(
                        full, "NORMAL", "INSERT INTO bare VALUES (?, ?)", ["new-\(number)", value])
                },
            ])
        // By themselves: a flush to the disk leaves the processor's caches cold for whoever comes next.
        let inMemory = try await Stopwatch.medians(
            rounds: 2_000,
            [{ try await memory.call(30_000 + $0) }, { try await memory.ask(40_000 + $0) }])
        let added = times[1] - times[0]
        return [
            Figure(
                name: "an uncached request beyond its call, beside its three bare transactions",
                value: added / times[2], bound: 3,
                details: String(
                    format: "call %.0f µs, request %.0f µs, transactions %.0f µs", times[0], times[1], times[2])),
            Figure(
                name: "an uncached request beyond its call, in memory", value: inMemory[1] - inMemory[0], bound: 50,
                unit: "µs", details: String(format: "call %.0f µs, request %.0f µs", inMemory[0], inMemory[1])),
        ]
    }

    /// The work of a request alone. It varies less than what is left of two long times, and shows sooner what has grown.
    private static func answeredAtOnce(_ way: Way) async throws -> Figure {
        let times = try await Stopwatch.medians(
            rounds: 4_000, [{ try await way.ask($0) }, { consume(Sample.call($0)) }])
        return Figure(
            name: "an uncached request in memory whose provider answers at once", value: times[0] - times[1], bound: 50,
            unit: "µs", details: String(format: "request %.1f µs, making up its prompt %.1f µs", times[0], times[1]))
    }

    private static func bareTransaction(
        _ queue: DatabaseQueue, _ mode: String, _ sql: String, _ arguments: StatementArguments
    ) throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = \(mode)")
            try database.inTransaction(.immediate) {
                try database.cachedStatement(sql: sql).execute(arguments: arguments)
                return .commit
            }
        }
    }

    private static let count = 10_000
    private static let width = 64

    private static func throughput(_ durable: Way, _ memory: Way) async throws -> [Figure] {
        let session = BareSession(url: memory.url)
        // In turns, and twice, so that a slow stretch of the machine does not count for one alone.
        var rates: [[Double]] = [[], [], []]
        for round in 0..<2 {
            let start = 1_000_000 * (round + 1)
            rates[0].append(try await rate { try await session.post(start + $0) })
            rates[1].append(try await rate { try await memory.ask(start + $0) })
            rates[2].append(try await rate { try await durable.ask(start + $0) })
        }
        let best = rates.map { $0.max() ?? 0 }
        return [("memory", 1, 0.9), ("durable", 2, 0.5)].map { name, index, bound in
            Figure(
                name: "throughput at concurrency \(width), \(name)", value: best[index] / best[0], bound: bound,
                isFloor: true,
                details: String(
                    format: "URLSession %.0f a second, requests %.0f a second", best[0], best[index]))
        }
    }

    /// How many times a second work is done by 64 tasks.
    private static func rate(_ work: @escaping @Sendable (Int) async throws -> Void) async throws -> Double {
        let next = Counter()
        let took = try await Stopwatch.milliseconds {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<width {
                    group.addTask {
                        while case let number = next.next(), number < count { try await work(number) }
                    }
                }
                try await group.waitForAll()
            }
        }
        return Double(count) / took * 1_000
    }
}

/// Counts from 0 for any number of tasks.
final class Counter: Sendable {
    private let value = Atomic(0)

    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

/// URLSession with nothing around it.
struct BareSession: Sendable {
    let url: String
    private let session: URLSession

    init(url: String) {
        self.url = url
        let settings = URLSessionConfiguration.ephemeral
        settings.httpMaximumConnectionsPerHost = 64
        session = URLSession(configuration: settings)
    }

    func post(_ number: Int) async throws {
        guard let address = URL(string: url + "/chat/completions") else { return }
        var request = URLRequest(url: address)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        let call = Sample.call(number)
        request.httpBody = try JSONEncoder().encode(call.messages)
        consume(try await session.data(for: request))
    }
}
