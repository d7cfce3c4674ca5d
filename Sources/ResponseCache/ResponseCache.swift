public import Configuration
public import Core
import Foundation
import Synchronization

/// Answers that were paid for once, kept for whoever asks the same again.
///
/// An expired answer is never given out. Only whole, good answers are kept. A damaged entry or file is a miss, and a
/// store that cannot be read is too: the cache never stands in the way of a request.
public final class ResponseCache: Sendable {
    /// What a look-up found.
    public enum Found: Sendable {
        case hit(CachedAnswer)
        case miss(MissCause)
        /// Caching is off for the provider or the role.
        case off
    }

    private struct State {
        /// When entries were used last, not yet in the store.
        var uses: [String: Int64] = [:]
        /// The same of those that may be in the store already.
        var noted: [String: Int64] = [:]
        /// The removal of expired entries that is under way; nil while a piece of it is done, too.
        var cleaning: (any CacheSweep)?
        var cleanedAt: Int64?
    }

    private static let mostUses = 256
    private static let mostNoted = 4_096
    /// A use within so many microseconds after the last one is not written: it decides on nothing.
    private static let usePrecision: Int64 = 60_000_000

    private let store: any CacheStore
    private let settings: CachingSettings
    private let time: any TimeSource
    private let state = Mutex(State())

    /// Keeps answers where the settings say; relative places start from `workspaceRoot`. Makes no file yet. Where they say
    /// Redis, which the library does not know, answers are kept in memory.
    public convenience init(_ settings: CachingSettings, workspaceRoot: String, time: any TimeSource) {
        let file = Self.file(settings, workspaceRoot: workspaceRoot)
        self.init(settings, store: file.map { SQLiteCacheStore(path: $0) } ?? MemoryCacheStore(), time: time)
    }

    /// The file that entries are kept in; nil when they are kept in memory.
    public static func file(_ settings: CachingSettings, workspaceRoot: String) -> String? {
        guard settings.backend == .file else { return nil }
        let root = URL(filePath: workspaceRoot, directoryHint: .isDirectory)
        let folder = URL(filePath: settings.cacheDir, directoryHint: .isDirectory, relativeTo: root)
        return folder.appending(path: "responses.db").path(percentEncoded: false)
    }

    package init(_ settings: CachingSettings, store: any CacheStore, time: any TimeSource) {
        self.settings = settings
        self.store = store
        self.time = time
    }

    /// Whether answers to the call are kept and looked up.
    public func isEnabled(for call: ModelCall, role: RoleName) -> Bool {
        settings.resolved(provider: call.provider, role: role).enabled
    }

    /// Looks an answer up. An entry that is expired or damaged is a miss. `key` is the call's own, where it is known.
    /// Where nobody asks for the cause of a miss, it is ``MissCause/new``.
    public func lookup(
        _ call: ModelCall, key: CacheKey? = nil, role: RoleName, tellsCause: Bool = true
    ) -> Found {
        guard isEnabled(for: call, role: role) else { return .off }
        let key = (key ?? CacheKey(for: call)).description
        let bytes: Data
        switch try? store.find(key, tellsCause: tellsCause) {
        case nil: return .miss(.new)
        case .absent(let cause, let hasNeighbour): return .miss(cause ?? causeOfAbsence(call, hasNeighbour))
        case .record(let found): bytes = found
        }
        guard let record = CacheRecord(bytes: bytes) else {
            try? store.remove(key)
            return .miss(.new)
        }
        let now = time.now()
        guard !record.lifetime.isOver(at: now, bootID: time.bootID) else { return .miss(.expired) }
        noteUse(of: key, record, at: now.wall)
        return .hit(record.kept)
    }

    /// Keeps an answer, if it is whole: an empty, filtered or cut-off one is not kept, nor a streamed one where the
    /// settings keep those out. Storing again renews its expiry. `key` is the call's own, where it is known.
    ///
    /// Throws when the store cannot be written.
    public func store(
        _ answer: Answer, isStreamed: Bool, cost: Money?, for call: ModelCall, key: CacheKey? = nil,
        role: RoleName
    ) throws {
        let rules = settings.resolved(provider: call.provider, role: role)
        guard rules.enabled, settings.stream || !isStreamed else { return }
        guard answer.finish == .stop, answer.media != nil || answer.text.contains(where: { !$0.isWhitespace })
        else { return }
        let now = time.now()
        let record = CacheRecord(
            CachedAnswer(answer: answer, cost: cost, storedAt: now), bootID: time.bootID,
            length: rules.ttlSeconds == 0 ? nil : Int64(rules.ttlSeconds) * 1_000_000)
        let entry = CacheEntry(
            key: (key ?? CacheKey(for: call)).description, provider: call.provider, model: call.model,
            lifetime: record.lifetime, record: record.bytes)
        flushUses()
        try store.put(
            entry, usedAt: now.wall,
            caps: CacheCaps(total: settings.maxCacheSizeMB << 20, provider: rules.maxCacheSizeMB << 20))
        cleanUp(at: now)
    }

    /// How many entries there are, expired ones included, and their size in bytes.
    public func size() throws -> PruneResult { try store.count(nil, now: time.now(), bootID: time.bootID) }

    /// What ``prune(_:)`` would remove.
    public func prunePlan(_ filter: PruneFilter) throws -> PruneResult {
        try store.count(filter, now: time.now(), bootID: time.bootID)
    }

    /// Removes the matching entries, slice by slice, so that others can use the cache meanwhile; `onSlice` is told of each
    /// how long it kept the store locked. Where it throws, the slices before stay removed.
    public func prune(
        _ filter: PruneFilter, onSlice: (_ microseconds: Int64) -> Void = { _ in }
    ) throws -> PruneResult {
        var sweep = store.sweep(filter, now: time.now(), bootID: time.bootID)
        var removed = PruneResult(entries: 0, bytes: 0)
        var start = time.now()
        while let piece = try sweep.next() {
            let end = time.now()
            if case .removed(let slice) = piece {
                removed.entries += slice.entries
                removed.bytes += slice.bytes
                onSlice(end.sinceBoot - start.sinceBoot)
            }
            start = end
        }
        return removed
    }

    /// Entries in an order, expired and damaged ones included; those of one provider where it is named. At most that
    /// many, from a place on, which counts from 0.
    ///
    /// Looking counts as no use. The answers are read one after another, so that a list holds none of them.
    public func entries(
        of provider: String? = nil, sortedBy order: CacheOrder = .used, from first: Int = 0, atMost count: Int = .max
    ) throws -> [CachedEntry] {
        flushUses()
        return try store.entries(
            of: provider, sortedBy: order, from: first, atMost: count, now: time.now(), bootID: time.bootID)
    }

    /// Entries whose keys begin with a text, in the order of their keys, at most that many.
    public func entries(withPrefix prefix: String, atMost count: Int) throws -> [CachedEntry] {
        flushUses()
        return try store.entries(withPrefix: prefix, atMost: count, now: time.now(), bootID: time.bootID)
    }

    /// The answer under a key, expired or not; nil when there is none, or a damaged one. Counts as no use.
    public func answer(_ key: String) throws -> CachedAnswer? {
        try store.record(key).flatMap(CacheRecord.init)?.kept
    }

    /// Writes what is still to be written: when entries were used last.
    public func close() { flushUses() }

    private func causeOfAbsence(_ call: ModelCall, _ hasNeighbour: Bool) -> MissCause {
        guard hasNeighbour else { return .new }
        return isOtherTake(call) ? .newTake : .changed
    }

    /// Whether the first take of a call, or the one before, is there.
    private func isOtherTake(_ call: ModelCall) -> Bool {
        guard call.take > 1 else { return false }
        return [1, call.take - 1].contains { take in
            var other = call
            other.take = take
            return ((try? store.record(CacheKey(for: other).description)) ?? nil) != nil
        }
    }

    private func noteUse(of key: String, _ record: CacheRecord, at wall: Int64) {
        guard wall - record.lifetime.stored.wall >= Self.usePrecision else { return }
        let isFull = state.withLock { state in
            if let noted = state.noted[key], wall - noted < Self.usePrecision { return false }
            state.noted[key] = wall
            state.uses[key] = wall
            return state.uses.count >= Self.mostUses
        }
        if isFull { flushUses() }
    }

    private func flushUses() {
        let uses = state.withLock { state in
            defer {
                state.uses = [:]
                if state.noted.count >= Self.mostNoted { state.noted = [:] }
            }
            return state.uses
        }
        guard !uses.isEmpty else { return }
        // When an entry was used last only decides which one makes room first.
        try? store.touch(uses)
    }

    /// Does a piece of removing what is expired, where the interval since the last time is over.
    private func cleanUp(at now: Moment) {
        guard var sweep = takeCleaning(at: now) else { return }
        let isUnderWay = ((try? sweep.next()) ?? nil) != nil
        state.withLock { $0.cleaning = isUnderWay ? sweep : nil }
    }

    private func takeCleaning(at now: Moment) -> (any CacheSweep)? {
        let interval = Int64(settings.cleanupIntervalSeconds) * 1_000_000
        return state.withLock { state in
            if state.cleaning == nil, state.cleanedAt.map({ now.sinceBoot - $0 >= interval }) ?? true {
                state.cleanedAt = now.sinceBoot
                state.cleaning = store.sweep(.expired, now: now, bootID: time.bootID)
            }
            defer { state.cleaning = nil }
            return state.cleaning
        }
    }
}
