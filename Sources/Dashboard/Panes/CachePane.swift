import Core
import Studio
import Terminal

extension Pane.ID {
    static let cache: Pane.ID = "cache"
}

extension Pane {
    /// Whether the response cache earns its keep.
    static let cache = Pane(
        id: .cache, key: "2", title: "Cache", shape: .figures, motion: .scrolls, minimumWidth: 26,
        content: { CachePane(context: $0).content },
        zoom: CacheZoom.self)
}

private struct CachePane {
    var context: PaneContext

    private var width: Int { context.size.width }

    var content: PaneContent {
        guard let cache = context.state.status?.cache else {
            return PaneContent(lines: context.explanation("Nothing is cached without a workspace."))
        }
        guard cache.isEnabled else {
            return PaneContent(lines: context.explanation("The cache is off: caching.enabled in config.yml."))
        }
        guard cache.entries > 0 || cache.all.hits + cache.all.misses + cache.all.bypassed > 0 else {
            return PaneContent(
                lines: context.explanation(
                    "Nothing is cached yet: what \(context.key(.generate)) brings is kept, and asked for again it is free."
                ),
                isExplanation: true)
        }
        return PaneContent(
            footer: size(cache),
            lines: [rate(cache), rates(cache), looks(cache.session)] + causes(cache) + [saved(cache)]
                + missed(cache.session) + entries(cache))
    }

    private func rate(_ cache: Status.CacheState) -> Line {
        let rate = Figures.percent(cache.session.hitRate)
        let label = [Span("hit rate "), Span(rate, .strong), Span("  ")]
        let room = width - label.reduce(0) { $0 + $1.width }
        let rates = Array(context.state.hitRates.suffix(max(0, room)))
        return Line(label + [Span(.sparkline(rates, width: min(room, rates.count)))])
    }

    private func rates(_ cache: Status.CacheState) -> Line {
        Line(
            [Span("today ", .muted), Span(Figures.percent(cache.today.hitRate)), Span(context.dot, .muted)]
                + [Span("all ", .muted), Span(Figures.percent(cache.all.hitRate))])
    }

    private func looks(_ figures: LookupTotals) -> Line {
        var parts = [[Span("\(Figures.count(figures.hits)) hits")], [Span("\(Figures.count(figures.misses)) misses")]]
        if figures.bypassed > 0 { parts.append([Span("\(Figures.count(figures.bypassed)) bypassed")]) }
        if figures.shared > 0 { parts.append([Span("\(Figures.count(figures.shared)) shared")]) }
        return Line(Line.joined(parts, separator: context.dot, width: width))
    }

    /// Why the session's misses missed, the most frequent first.
    private func causes(_ cache: Status.CacheState) -> [Line] {
        let parts = cache.session.causesInOrder.map { cause, missed in
            [Span("\(Figures.count(missed.count)) \(Figures.words(cause))", .muted)]
        }
        return parts.isEmpty ? [] : [Line(Line.joined(parts, separator: context.dot, width: width))]
    }

    private func saved(_ cache: Status.CacheState) -> Line {
        let money = [Span("saved ", .muted), Span("$" + Figures.dollars(cache.session.savedCost), .good)]
        let tokens = [Span("\(Figures.compact(cache.session.savedTokens)) tok", .good)]
        return Line(Line.joined([money, tokens], separator: context.dot, width: width))
    }

    private func missed(_ figures: LookupTotals) -> [Line] {
        let missed = figures.missed
        let money = [Span("misses ", .muted), Span(missed.price)]
        let tokens = [Span("\(Figures.compact(missed.tokens)) tok")]
        return [
            Line(Line.joined([money, tokens], separator: context.dot, width: width)),
            Line([Span("by tokens ", .muted), Span(Figures.percent(figures.hitRateByTokens))]),
        ]
    }

    private func entries(_ cache: Status.CacheState) -> [Line] {
        [
            Line([
                Span("all: ", .muted), Span("saved $" + Figures.dollars(cache.all.savedCost)),
                Span("\(context.dot)\(Figures.compact(cache.all.savedTokens)) tok", .muted),
            ]),
            Line([
                Span(Figures.count(cache.entries)), Span(" entries\(context.dot)", .muted),
                Span("\(Figures.bytes(cache.bytes)) of \(Figures.bytes(cache.capBytes))"),
            ]),
            Line([Span("kept in ", .muted), Span(cache.backend)]),
        ]
    }

    private func size(_ cache: Status.CacheState) -> String {
        "\(Figures.count(cache.entries))\(context.dot)\(Figures.share(cache.bytes, of: cache.capBytes))"
    }
}

extension LookupTotals {
    /// The causes of misses, the most frequent first.
    var causesInOrder: [(String, MissTotals)] {
        causes.filter { $0.value.count > 0 }.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    }
}

extension MissTotals {
    /// `$0.42`; with a `?` where something had no price.
    var price: String { "$" + Figures.dollars(cost) + (unpriced > 0 ? "+?" : "") }
}
