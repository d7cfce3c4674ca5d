import Configuration
import Core
import Foundation
import Synchronization
import TestKit

@testable import RedisStores
@testable import ResponseCache

/// Each store that the contract holds for.
enum StoreKind: CaseIterable, Sendable {
    case memory, sqlite
    #if Redis
        case redis
    #endif

    func store(in shelf: StoreShelf) throws -> any CacheStore {
        switch self {
        case .memory: return MemoryCacheStore()
        case .sqlite: return SQLiteCacheStore(path: shelf.folder.file("responses.db"))
        #if Redis
            case .redis:
                return try RedisCacheStore(shelf.connection(), keys: RedisKeys(RedisSettings(), project: "book"))
        #endif
        }
    }
}

/// Where the stores of a test keep what they have, for as long as it lasts.
final class StoreShelf: Sendable {
    let folder: TemporaryFolder
    private let server = Mutex<RedisServer?>(nil)

    init() throws { folder = try TemporaryFolder() }

    #if Redis
        /// A connection of its own to the shelf's server.
        func connection() throws -> RedisConnection {
            var settings = RedisSettings()
            settings.port = try running().port
            return RedisConnection(settings, times: RedisTimes(connect: 60_000, command: 60_000))
        }

        /// The shelf's server, started when it is first asked for.
        func running() throws -> RedisServer {
            try server.withLock { server in
                let running = try server ?? RedisServer.start()
                server = running
                return running
            }
        }
    #endif
}

extension Moment {
    /// When a ``TestKit/ManualTime`` starts.
    static let start = ManualTime().now()

    func moved(wall: Int64, sinceBoot: Int64) -> Moment {
        Moment(wall: self.wall + wall, sinceBoot: self.sinceBoot + sinceBoot)
    }
}

extension CacheCaps {
    static let none = CacheCaps(total: .max, provider: .max)
}

extension CacheEntry {
    /// An entry that counts exactly that many bytes.
    static func sample(
        _ key: String, provider: String = "openai", size: Int = 1_000,
        stored: Moment = .start, length: Int64? = nil
    ) -> CacheEntry {
        let lifetime = Lifetime(bootID: "boot-1", stored: stored, length: length)
        var entry = CacheEntry(key: key, provider: provider, model: "gpt-4o", lifetime: lifetime, record: Data())
        entry.record = Data(repeating: UInt8(ascii: "x"), count: size - entry.size)
        return entry
    }
}

extension TextCall {
    static func sample(
        provider: String = "openai", model: String = "gpt-4o", words: String = "Write a hook", take: Int = 1
    ) -> TextCall {
        TextCall(
            provider: provider, providerType: "openai", model: model, messages: [Message(.user, words)], take: take)
    }
}

extension Answer {
    static func sample(_ text: String = "Once upon a time", finish: Finish = .stop) -> Answer {
        Answer(
            text: text, reasoning: "A fairy tale?",
            usage: Usage(inputTokens: 10, cachedInputTokens: 2, outputTokens: 20, reasoningTokens: 5),
            isUsageEstimated: true, finish: finish, responseID: "r-1", model: "gpt-4o-2024-08-06")
    }
}

extension CacheStore {
    /// Removes what matches to the last piece; returns how much that was.
    func removeAll(_ filter: PruneFilter, now: Moment = .start) throws -> PruneResult {
        var sweep = sweep(filter, now: now, bootID: "boot-1")
        return try sweep.rest()
    }
}

extension CacheSweep {
    /// Does what is left to do.
    mutating func rest() throws -> PruneResult {
        var removed = PruneResult(entries: 0, bytes: 0)
        while let piece = try next() {
            guard case .removed(let slice) = piece else { continue }
            removed.entries += slice.entries
            removed.bytes += slice.bytes
        }
        return removed
    }
}

extension ResponseCache {
    /// A cache with the default settings but for the given changes.
    static func over(
        _ store: any CacheStore, time: ManualTime, _ change: (inout CachingSettings) -> Void = { _ in }
    ) -> ResponseCache {
        var settings = CachingSettings()
        change(&settings)
        return ResponseCache(settings, store: store, time: time)
    }

    func keep(
        _ call: TextCall = .sample(), _ answer: Answer = .sample(), isStreamed: Bool = false, cost: Money? = nil,
        role: RoleName = .sceneSmith
    ) throws {
        try store(answer, isStreamed: isStreamed, cost: cost, for: .text(call), role: role)
    }

    func find(_ call: TextCall = .sample(), role: RoleName = .sceneSmith) -> Found { lookup(.text(call), role: role) }
}

extension ResponseCache.Found {
    var answer: CachedAnswer? { if case .hit(let answer) = self { answer } else { nil } }
    var cause: MissCause? { if case .miss(let cause) = self { cause } else { nil } }
    var isOff: Bool { if case .off = self { true } else { false } }
}
