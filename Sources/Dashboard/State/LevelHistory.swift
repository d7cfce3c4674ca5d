import Studio

/// How much was left of each limit and budget lately, from 0 to 1.
struct LevelHistory: Sendable {
    private var shares: [String: [Double]] = [:]
    private var notedAt = Int64.min

    /// The least time between two values, in microseconds.
    private static let beat: Int64 = 1_000_000
    private static let longest = 240

    /// The values of a limit, the newest last, under the name of its ``LimitRow``.
    subscript(id: String) -> [Double] { shares[id] ?? [] }

    /// Takes in figures, unless others came within the same second.
    mutating func note(_ status: Status) {
        guard notedAt == .min || status.takenAt - notedAt >= Self.beat || status.takenAt < notedAt else { return }
        notedAt = status.takenAt
        var next: [String: [Double]] = [:]
        for row in LimitRow.rows(of: status, now: status.takenAt) {
            next[row.id] = Array((self[row.id] + [min(max(row.share, 0), 1)]).suffix(Self.longest))
        }
        shares = next
    }
}
