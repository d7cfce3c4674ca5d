import Studio
import Terminal

extension Pane.ID {
    static let limits: Pane.ID = "limits"
}

extension Pane {
    /// How much may still be asked for.
    static let limits = Pane(
        id: .limits, key: "3", title: "Limits", shape: .figures, motion: .scrolls, minimumWidth: 28,
        content: { LimitsPane(context: $0).content })
}

private struct LimitsPane {
    var context: PaneContext

    var content: PaneContent {
        guard let limits = context.state.status?.limits, !limits.isEmpty else {
            return PaneContent(
                lines: context.explanation(
                    "no limits configured: rate_limiting in config.yml\nRequests are sent as fast as they come."))
        }
        let nameWidth = min(limits.map { displayWidth($0.title) }.max() ?? 0, max(6, context.size.width / 5))
        let isWide = context.size.width >= 58
        return PaneContent(
            lines: limits.flatMap { isWide ? [wide($0, nameWidth: nameWidth)] : narrow($0) })
    }

    private func wide(_ limit: Status.Limit, nameWidth: Int) -> Line {
        let name = limit.title.fitted(to: nameWidth, ellipsis: context.glyphs.ellipsis)
        let metric = " \(limit.metric)/\(limit.shortPeriod) ".fitted(to: 14, ellipsis: context.glyphs.ellipsis)
        let figure = figure(limit).fitted(to: 10, isRightAligned: true, ellipsis: context.glyphs.ellipsis)
        let note = [refill(limit), waiting(limit)].compactMap { $0 }.joined(separator: ", ")
        let room = context.size.width - nameWidth - 14 - 10 - 2 - max(13, displayWidth(note))
        return Line([
            Span(name), Span(metric, .muted), gauge(limit, width: max(4, room)), Span(figure, .strong),
            Span("  "), Span(note, tone(limit)),
        ])
    }

    private func figure(_ limit: Status.Limit) -> String {
        "\(Figures.compact(limit.remaining))/\(Figures.compact(limit.capacity))"
    }

    private func narrow(_ limit: Status.Limit) -> [Line] {
        let metric = limit.metric == "requests" ? "req" : limit.metric
        let title = [Span(limit.title), Span(" \(metric)/\(limit.shortPeriod)", .muted)]
        let refill = refill(limit).map { [Span($0, .muted)] } ?? []
        let room = context.size.width - refill.reduce(0) { $0 + $1.width + 1 }
        let lines = [
            Line(title, trailing: [Span(figure(limit), .strong)]),
            Line([gauge(limit, width: max(4, room))], trailing: refill),
        ]
        return lines + (waiting(limit).map { [Line("  " + $0, .warning)] } ?? [])
    }

    private func gauge(_ limit: Status.Limit, width: Int) -> Span {
        let left = limit.capacity > 0 ? Double(limit.remaining) / Double(limit.capacity) : 0
        return Span(.gauge(fraction: left, alarm: 1 - left, width: width))
    }

    private func refill(_ limit: Status.Limit) -> String? {
        guard let fullAt = limit.fullAt, fullAt > context.state.now else { return nil }
        return "full in \(Figures.duration(fullAt - context.state.now))"
    }

    /// How many requests the limit holds back, and when the first of them goes.
    private func waiting(_ limit: Status.Limit) -> String? {
        guard limit.waiting > 0 else { return nil }
        let moments = context.state.requests.values.compactMap(\.waitsUntil).filter { $0 > context.state.now }
        let next = moments.min().map { ", next in \(Figures.duration($0 - context.state.now))" } ?? ""
        return "\(limit.waiting) waiting\(next)"
    }

    private func tone(_ limit: Status.Limit) -> Tone { limit.waiting > 0 ? .warning : .muted }
}

extension Status.Limit {
    fileprivate var title: String { name ?? scope.rawValue }
    fileprivate var shortPeriod: String { period == "minute" ? "min" : period }
}
