import Core
import ResponseCache
import Terminal

/// One entry of the cache, whole.
struct EntryDialog: Dialog {
    /// Longer answers are cut here; the command line shows them whole.
    private static let longest = 20_000

    let entry: CachedEntry
    var form = Form()
    /// What the cache holds of it; nil until it is read.
    private var answer: CachedAnswer?
    private var problem: String?

    init(entry: CachedEntry) { self.entry = entry }

    var title: String { "Entry \(entry.key.prefix(12))" }
    var acceptLabel: String { "" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        [DialogNote("\(entry.provider) \(entry.model), \(cost), \(Figures.bytes(entry.size))", .strong)]
            + times(state).map { DialogNote($0, .muted) }
    }

    private var cost: String {
        guard let cost = entry.cost else { return entry.isDamaged ? "damaged" : "no price" }
        let tokens = answer.map { answer in
            let usage = answer.answer.usage
            return " for \(Figures.compact(usage.allInputTokens)) tokens in, \(Figures.compact(usage.outputTokens)) out"
        }
        return "cost $\(Figures.dollars(cost))\(tokens ?? "")"
    }

    private func times(_ state: DashboardState) -> [String] {
        let expiry = entry.expiresAt.map { "expires in \(Figures.duration($0 - state.now))" } ?? "never expires"
        let ages =
            "kept \(Figures.duration(state.now - entry.storedAt)) ago, "
            + "used \(Figures.duration(state.now - entry.usedAt)) ago, \(entry.isExpired ? "expired" : expiry)"
        return [ages, "The prompt is not kept. d removes the entry."]
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        if let problem { return [DialogNote(problem, .bad)] }
        guard let answer else { return [DialogNote("Reading it.", .muted)] }
        let text = answer.answer.text
        let rest = text.count - Self.longest
        let more =
            rest > 0
            ? [DialogNote("\(Figures.count(rest)) more letters: cache show \(entry.key.prefix(12))", .muted)] : []
        return [DialogNote(String(text.prefix(Self.longest)))] + more
    }

    mutating func receive(_ event: DashboardEvent) -> Bool {
        switch event {
        case .entryRead(entry.key, let answer):
            self.answer = answer
            problem = answer == nil ? "It is gone, or damaged: a look-up finds nothing there." : nil
        case .failed(let message): problem = message
        default: break
        }
        return false
    }

    func accept(_ state: inout DashboardState) -> [Effect] { [] }
}

/// Removes one entry of the cache, once it is confirmed.
struct DeleteEntryDialog: Dialog {
    let entry: CachedEntry
    var form = Form([.buttons(["Cancel", "Remove it"], selected: 0)])

    var title: String { "Remove an entry" }
    var acceptLabel: String { "confirm" }

    func intro(_ state: DashboardState) -> [DialogNote] {
        let cost = entry.cost.map { "it cost $\(Figures.dollars($0))" } ?? "what it cost is not known"
        return [
            DialogNote("\(entry.key.prefix(12)) of \(entry.provider) \(entry.model): \(Wrapping.line(entry.opening))"),
            DialogNote("Asked for again it is paid for again: \(cost).", .warning),
        ]
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        form.selected(0) == 1 ? [.prune(.key(entry.key))] : []
    }
}
