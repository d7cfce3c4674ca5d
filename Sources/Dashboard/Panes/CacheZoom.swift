import Core
import Metering
import ResponseCache
import Studio
import Terminal

/// What the cache's look-ups came to, told apart in several ways, and the entries that it holds.
struct CacheZoom: Zoom {
    /// What the table is about.
    private enum View: Int, CaseIterable {
        case role, provider, model, loop, cause, entries

        var keys: [TallyKey] {
            switch self {
            case .role: [.role]
            case .provider: [.provider]
            case .model: [.provider, .model]
            case .loop: [.loop]
            case .cause, .entries: []
            }
        }
    }

    var context: PaneContext

    init(_ context: PaneContext) { self.context = context }

    private var state: DashboardState { context.state }
    private var choice: TableChoice { state.tables[.cache] ?? TableChoice() }
    private var view: View { View.allCases[choice.view % View.allCases.count] }
    private var stretch: Tallies.Stretch { choice.shown }

    var place: String { "\(view)" }
    var reading: [Effect] {
        view == .entries ? [.listEntries] : stretch == .month ? [.tallyMonth] : []
    }

    var actions: Set<Action> {
        guard view == .entries else { return [.nextSort, .nextView, .nextStretch, .filter] }
        let hasEntry = state.entries?.contains(where: isWanted) == true
        return Set([.nextSort, .nextView, .filter]).union(hasEntry ? [.fullSize, .delete, .copy] : [])
    }

    func perform(_ action: Action, in state: inout DashboardState) -> [Effect] {
        guard let entry = selectedEntry else { return state.turnTable(action) }
        switch action {
        case .fullSize:
            state.dialog = EntryDialog(entry: entry)
            return [.readEntry(key: entry.key)]
        case .delete: state.dialog = DeleteEntryDialog(entry: entry)
        case .copy: return state.copy(entry.key, "the key \(entry.key.prefix(12))")
        default: return state.turnTable(action)
        }
        return []
    }

    /// The entry in the selected row; nil where none are shown.
    var selectedEntry: CachedEntry? {
        view == .entries ? entries(state.entries ?? []).selected(context, pane: .cache) : nil
    }

    var content: PaneContent {
        guard let status = state.status else {
            return PaneContent(lines: context.explanation("Nothing is cached without a workspace."))
        }
        guard view != .entries else { return listed(status.cache) }
        let tallies = status.tallies[stretch]
        let figures = tallies.lookups
        guard figures.lookups > 0 else {
            let text =
                !status.cache.isEnabled
                ? "The cache is off: caching.enabled in config.yml."
                : "No look-up \(stretch.words): \(context.key(.nextStretch)) shows another time, "
                    + "\(context.key(.generate)) asks for something."
            return PaneContent(subject: subject, lines: context.explanation(text), isExplanation: true)
        }
        let hint = context.hint([
            "\(context.key(.nextSort)) sort", "\(context.key(.filter)) filter", "\(context.key(.nextView)) view",
            "\(context.key(.nextStretch)) when",
        ])
        if view == .cause {
            return causes(figures).content(
                context, pane: .cache, subject: subject, summary: summary(figures, tallies), hint: hint)
        }
        return groups(tallies).content(
            context, pane: .cache, subject: subject, summary: summary(figures, tallies), hint: hint)
    }

    private var subject: String {
        view == .entries
            ? "entries" : "by \(view == .cause ? "cause of miss" : "\(view)")\(context.dot)\(stretch.rawValue)"
    }

    private func summary(_ figures: LookupTotals, _ tallies: [Tally]) -> [Line] {
        let missed = figures.missed
        let lines: [[[Span]]] = [
            [
                [Span("hit rate "), Span(Figures.percent(figures.hitRate), .strong)],
                [Span("by tokens "), Span(Figures.percent(figures.hitRateByTokens), .strong)],
                [Span("saved "), Span("$" + Figures.dollars(figures.savedCost), .good)],
                [Span(Figures.compact(figures.savedTokens) + " tok", .good)],
            ],
            [
                [Span("\(Figures.count(figures.misses)) misses cost "), Span(missed.price, .strong)],
                [Span(Figures.compact(missed.tokens) + " tok")],
            ] + figures.causesInOrder.map { [Span("\(Figures.count($1.count)) \(Figures.words($0))", .muted)] },
        ]
        return (lines + ownCaches(tallies)).map {
            Line(Line.joined($0, separator: context.dot, width: context.size.width))
        }
    }

    /// What the providers' own prompt caches gave, which is no hit of ours.
    private func ownCaches(_ tallies: [Tally]) -> [[[Span]]] {
        let figures = tallies.figures
        guard figures.cachedInputTokens > 0 else { return [] }
        let all = figures.cachedInputTokens + figures.inputTokens
        let text = "\(Figures.compact(figures.cachedInputTokens)) of \(Figures.compact(all)) billed input tokens"
        return [[[Span("the providers' own caches gave "), Span(text, .strong)]]]
    }

    // MARK: Tables

    private func groups(_ tallies: [Tally]) -> FigureTable<TallyGroup> {
        let names = view.keys.map { Table.Column(title: $0.rawValue, importance: 20, minimum: 8, maximum: 28) }
        let rows = tallies.grouped(by: view.keys).map { ($0.id, $0, cells($0)) }
        let columns = names + Self.figures
        // At first by what was saved.
        return FigureTable(columns: columns, rows: rows, sort: (names.count + 5 + choice.sort) % columns.count)
    }

    private static let figures = [
        Table.Column(title: "hit", isRightAligned: true, importance: 10, minimum: 5, maximum: 5),
        Table.Column(title: "by tok", isRightAligned: true, importance: 8, minimum: 7, maximum: 7),
        Table.Column(title: "hits", isRightAligned: true, importance: 6, minimum: 5, maximum: 6),
        Table.Column(title: "misses", isRightAligned: true, importance: 7, minimum: 7, maximum: 7),
        Table.Column(title: "bypassed", isRightAligned: true, importance: 1, minimum: 9, maximum: 9),
        Table.Column(title: "saved $", isRightAligned: true, importance: 9, minimum: 8, maximum: 9),
        Table.Column(title: "saved tok", isRightAligned: true, importance: 4, minimum: 10, maximum: 10),
        Table.Column(title: "missed $", isRightAligned: true, importance: 5, minimum: 9, maximum: 10),
        Table.Column(title: "missed tok", isRightAligned: true, importance: 3, minimum: 11, maximum: 11),
        Table.Column(title: "shared", isRightAligned: true, importance: 2, minimum: 7, maximum: 7),
    ]

    private func cells(_ group: TallyGroup) -> [FigureTable<TallyGroup>.Cell] {
        let figures = group.tallies.lookups
        let missed = figures.missed
        return group.names.map { .text($0.isEmpty ? "-" : $0) } + [
            .rate(figures.hitRate), .rate(figures.hitRateByTokens), .count(figures.hits), .count(figures.misses),
            .count(figures.bypassed), .money(figures.savedCost), .count(figures.savedTokens),
            .money(missed.cost, isPartly: missed.unpriced > 0), .count(missed.tokens), .count(figures.shared),
        ]
    }

    private func causes(_ figures: LookupTotals) -> FigureTable<String> {
        let columns = [
            Table.Column(title: "cause", importance: 9, minimum: 8, maximum: 12),
            Table.Column(title: "misses", isRightAligned: true, importance: 8, minimum: 7, maximum: 7),
            Table.Column(title: "share", isRightAligned: true, importance: 3, minimum: 6, maximum: 6),
            Table.Column(title: "$", isRightAligned: true, importance: 7, minimum: 8, maximum: 10),
            Table.Column(title: "tokens", isRightAligned: true, importance: 6, minimum: 7, maximum: 8),
            Table.Column(title: "what it means", importance: 2, minimum: 13, maximum: 60),
        ]
        let rows = figures.causesInOrder.map { cause, missed -> (String, String, [FigureTable<String>.Cell]) in
            let share = Double(missed.count) / Double(max(1, figures.misses))
            return (
                cause, cause,
                [
                    .text(Figures.words(cause)), .count(missed.count), .rate(share),
                    .money(missed.cost, isPartly: missed.unpriced > 0), .count(missed.tokens),
                    .text(MissCause(rawValue: cause)?.meaning ?? "", .muted),
                ]
            )
        }
        return FigureTable(columns: columns, rows: rows, sort: (1 + choice.sort) % columns.count)
    }

    // MARK: Entries

    private func listed(_ cache: Status.CacheState) -> PaneContent {
        guard let entries = state.entries else {
            return PaneContent(subject: subject, lines: context.explanation("Reading the entries."))
        }
        guard !entries.isEmpty else {
            let text =
                "The cache holds nothing yet: what \(context.key(.generate)) brings is kept, and asked for again it is free."
            return PaneContent(subject: subject, lines: context.explanation(text), isExplanation: true)
        }
        let filtered = entries.filter(isWanted)
        guard !filtered.isEmpty else {
            let text = "No entry has \"\(Wrapping.line(choice.filter))\" in it: / looks for something else."
            return PaneContent(subject: subject, lines: context.explanation(text), isExplanation: true)
        }
        let found =
            choice.filter.isEmpty
            ? "" : "\(Figures.count(filtered.count)) with \"\(Wrapping.line(choice.filter))\"\(context.dot)"
        let shown = cache.entries > entries.count ? "the \(entries.count) used last of " : ""
        let size = "\(Figures.bytes(cache.bytes)) of \(Figures.bytes(cache.capBytes)), kept in \(cache.backend)"
        return self.entries(entries).content(
            context, pane: .cache, subject: subject,
            summary: [Line("\(found)\(shown)\(Figures.entries(cache.entries))\(context.dot)\(size)", .muted)],
            hint: context.hint([
                "\(context.key(.fullSize)) whole", "\(context.key(.filter)) filter", "\(context.key(.delete)) delete",
                "\(context.key(.nextSort)) sort", "\(context.key(.nextView)) view",
            ]))
    }

    private func isWanted(_ entry: CachedEntry) -> Bool {
        choice.isWanted([entry.key, entry.provider, entry.model, entry.opening])
    }

    private func entries(_ all: [CachedEntry]) -> FigureTable<CachedEntry> {
        let entries = all.filter(isWanted)
        let columns = [
            Table.Column(title: "key", importance: 6, minimum: 8, maximum: 12),
            Table.Column(title: "provider", importance: 5, minimum: 9, maximum: 16),
            Table.Column(title: "model", importance: 4, minimum: 6, maximum: 28),
            Table.Column(title: "used", isRightAligned: true, importance: 7, minimum: 6, maximum: 8),
            Table.Column(title: "expires", isRightAligned: true, importance: 2, minimum: 8, maximum: 9),
            Table.Column(title: "size", isRightAligned: true, importance: 1, minimum: 6, maximum: 7),
            Table.Column(title: "$", isRightAligned: true, importance: 8, minimum: 6, maximum: 8),
            Table.Column(title: "begins", importance: 3, minimum: 12, maximum: 200),
        ]
        return FigureTable(
            columns: columns, rows: entries.map { ($0.key, $0, cells($0)) }, sort: (3 + choice.sort) % columns.count,
            isFiltered: true)
    }

    private func cells(_ entry: CachedEntry) -> [FigureTable<CachedEntry>.Cell] {
        let left = entry.expiresAt.map { Figures.duration($0 - state.now) } ?? "never"
        let isGone = entry.isExpired || entry.isDamaged
        let opening = Wrapping.line(entry.opening)
        return [
            .text(String(entry.key.prefix(12)), .muted), .text(entry.provider), .text(entry.model),
            .number(Double(entry.usedAt), Figures.duration(state.now - entry.usedAt)),
            .number(
                -Double(entry.expiresAt ?? .max), entry.isDamaged ? "damaged" : entry.isExpired ? "expired" : left,
                isGone ? .warning : nil),
            .number(Double(entry.size), Figures.bytes(entry.size)),
            entry.cost.map { .money($0) } ?? .number(0, entry.isDamaged ? "-" : "?"), .text(opening, .muted),
        ]
    }
}

extension FigureTable.Cell {
    /// Dollars; with a `?` where something had no price.
    static func money(_ money: Money, isPartly: Bool = false) -> Self {
        let text = Figures.dollars(money)
        return .number(
            Double(money.picodollars), isPartly ? (money == .zero ? "?" : text + "+?") : money == .zero ? "-" : text,
            money == .zero && !isPartly ? .muted : nil)
    }
}

extension TallyGroup {
    /// Tells it from the other groups by the same keys.
    var id: String { names.joined(separator: "\n") }
}

extension TableChoice {
    /// The stretch of time that is shown; at first today.
    var shown: Tallies.Stretch {
        let all = Tallies.Stretch.allCases
        return all[(stretch + 1) % all.count]
    }
}

extension Tallies.Stretch {
    /// `of today`, `at all`.
    var words: String {
        switch self {
        case .session: "in this session"
        case .today: "today"
        case .month: "this month"
        case .all: "ever"
        }
    }
}

extension MissCause {
    fileprivate var meaning: String {
        switch self {
        case .new: "nothing like it was ever asked"
        case .expired: "the answer was older than ttl_seconds"
        case .evicted: "it had to make room: max_cache_size_mb"
        case .pruned: "somebody removed it: cache prune or clear"
        case .newTake: "another take of the same"
        case .changed: "the same words, another model or settings"
        case .rejected: "there is an answer, and the role cannot read it"
        }
    }
}
