import Configuration
public import Metering
public import ResponseCache

extension Session {
    /// Entries of the cache: see ``ResponseCache/ResponseCache/entries(of:sortedBy:from:atMost:)``.
    public func cachedEntries(
        of provider: String? = nil, sortedBy order: CacheOrder = .used, from first: Int = 0, atMost count: Int = .max
    ) throws -> [CachedEntry] {
        try cache.entries(of: provider, sortedBy: order, from: first, atMost: count)
    }

    /// Entries of the cache whose keys begin with a text, in the order of their keys, at most that many.
    public func cachedEntries(withPrefix prefix: String, atMost count: Int) throws -> [CachedEntry] {
        try cache.entries(withPrefix: prefix, atMost: count)
    }

    /// The answer that the cache holds under a key, expired or not; nil when there is none, or a damaged one.
    public func cachedAnswer(_ key: String) throws -> CachedAnswer? { try cache.answer(key) }

    /// What was spent from the start of one day to the end of another, by the keys, and in all.
    public func costSummary(
        by keys: [CostKey], from first: CalendarDay? = nil, to last: CalendarDay? = nil
    ) throws -> CostSummary {
        try tracker().summary(by: keys, from: first, to: last)
    }

    /// A page of the ledger's rows of a stretch of days, and of the daily sums of older ones: those after a place.
    public func ledgerPage(
        from first: CalendarDay? = nil, to last: CalendarDay? = nil, after place: LedgerPlace? = nil
    ) throws -> LedgerPage {
        try tracker().ledgerPage(from: first, to: last, after: place)
    }

    /// What the month's calls and look-ups add up to: what ``Status/tallies`` leaves out.
    public func monthTallies() throws -> [Tally] { try tracker().monthTallies() }

    private func tracker() throws -> CostTracker {
        CostTracker(ledger: ledger, settings: try live.current().rateLimiting)
    }
}
