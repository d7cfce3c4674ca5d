import Studio
import Terminal

extension Pane.ID {
    static let limits: Pane.ID = "limits"
}

extension Pane {
    /// How much may still be asked for.
    static let limits = Pane(
        id: .limits, key: "3", title: "Limits", shape: .figures, motion: .scrolls, minimumWidth: 28,
        content: { LimitsPane(context: $0).content },
        zoom: LimitsZoom.self)
}

private struct LimitsPane {
    var context: PaneContext

    var content: PaneContent {
        guard let limits = context.state.status?.limits, !limits.isEmpty else {
            return PaneContent(
                lines: context.explanation(
                    "no limits configured: rate_limiting in config.yml\nRequests are sent as fast as they come."))
        }
        guard context.size.width >= 66 else { return PaneContent(lines: limits.flatMap(narrow)) }
        let nameWidth = min(limits.map { displayWidth($0.title) }.max() ?? 0, context.size.width / 5)
        let notes = limits.map { [refill($0), waiting($0)].compactMap { $0 }.joined(separator: ", ") }
        let noteWidth = max(13, notes.map(displayWidth).max() ?? 0)
        let gaugeWidth = max(4, context.size.width - nameWidth - noteWidth - Self.metricWidth - Self.figureWidth - 2)
        return PaneContent(
            lines: zip(limits, notes).map { wide($0, note: $1, nameWidth: nameWidth, gaugeWidth: gaugeWidth) })
    }

    private static let metricWidth = 15
    private static let figureWidth = 12

    private func wide(_ limit: Status.Limit, note: String, nameWidth: Int, gaugeWidth: Int) -> Line {
        let ellipsis = context.glyphs.ellipsis
        let metric = " \(limit.measure(isShort: false)) "
        return Line([
            Span(limit.title.fitted(to: nameWidth, ellipsis: ellipsis)),
            Span(metric.fitted(to: Self.metricWidth, ellipsis: ellipsis), .muted), gauge(limit, width: gaugeWidth),
            Span(figure(limit).fitted(to: Self.figureWidth, isRightAligned: true, ellipsis: ellipsis), .strong),
            Span("  "), Span(note, limit.waiting > 0 ? .warning : .muted),
        ])
    }

    private func figure(_ limit: Status.Limit) -> String {
        "\(Figures.compact(limit.remaining))/\(Figures.compact(limit.capacity))"
    }

    private func narrow(_ limit: Status.Limit) -> [Line] {
        let title = [Span(limit.title), Span(" " + limit.measure(isShort: true), .muted)]
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
}

extension Status.Limit {
    var title: String { name ?? scope.rawValue }

    /// What is counted in which time: `requests/min`, `in tok/hour`, `at once`.
    func measure(isShort: Bool) -> String {
        guard let period else { return "at once" }
        let counted =
            switch metric {
            case "requests": isShort ? "req" : "requests"
            case "input_tokens": "in tok"
            case "output_tokens": "out tok"
            default: isShort ? "tok" : metric
            }
        return "\(counted)/\(period == "minute" ? "min" : period)"
    }
}
