import Core
import Studio
import Terminal

/// The line at the top: program and workspace, the loop and how far it is, what alarms, the clock.
struct TopLine {
    var state: DashboardState
    private var glyphs: Glyphs { state.glyphs }

    init(state: DashboardState) { self.state = state }

    func draw(on canvas: inout Canvas, in rect: Rect, theme: Theme) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, style: theme.header)
        let line = line(width: rect.width)
        canvas.draw(line, in: rect, base: theme.header, selection: theme.header, theme: theme)
    }

    func line(width: Int) -> Line {
        guard width >= 30 else { return Line(short) }
        let isNarrow = width < 60
        let right = right(isNarrow: isNarrow)
        let room = width - right.reduce(0) { $0 + $1.width } - 1
        let most = state.run?.pause == nil && state.run?.hold == nil ? 60 : 80
        let loop = loop(width: min(most, max(0, room - (isNarrow ? 1 : 18))))
        let loopWidth = loop.reduce(0) { $0 + $1.width }
        let name = name(width: max(0, room - loopWidth - (loop.isEmpty ? 0 : 2)))
        let used = name.reduce(0) { $0 + $1.width } + loopWidth
        // The loop stands at the right of its room, so that a growing name of a step moves nothing else.
        let gap = loop.isEmpty ? 0 : max(1, room - used)
        return Line(name + [Span(String(repeating: " ", count: gap))] + loop, trailing: right)
    }

    /// Where the name does not fit: the run, what was spent today, what alarms.
    private var short: [Span] {
        var spans: [Span] = []
        if let alert = Alert(state.status) { spans += [Span("\(glyphs.warning) \(alert.percent) ", .warning)] }
        if let run = state.run, run.isRunning {
            spans += [Span(Figures.percent(run.fraction), .accent)]
            spans += [run.isHeld ? Span(" paused ", .warning) : Span(" \(run.currentStep?.name ?? run.loop) ")]
        }
        let today = state.status.map { "$\(Figures.dollars($0.costs.today)) today" } ?? "no workspace"
        return spans + [Span(today)]
    }

    private func name(width: Int) -> [Span] {
        guard let project = state.status?.project.name else {
            return width >= 13 ? [Span(" QuestFoundry", .accent)] : []
        }
        let title = [Span(" QuestFoundry", .accent), Span(" \(glyphs.separator) ", .muted)]
        if width >= 16 + displayWidth(project) { return title + [Span(project, .strong)] }
        guard width >= 8 else { return [] }
        let room = min(displayWidth(project), width - 1)
        return [Span(" "), Span(project.fitted(to: room, ellipsis: glyphs.ellipsis), .strong)]
    }

    /// The loop and how far it is, as fully as there is room.
    private func loop(width: Int) -> [Span] {
        guard let run = state.run else {
            if state.isRunOrdered { return [Span("starting", .accent)] }
            return state.focus == .loop ? [Span(" no loop yet ", .titleFocused)] : []
        }
        let tone: Tone = state.focus == .loop ? .titleFocused : .strong
        let time = Span(" \(Figures.elapsed(run.elapsed(at: state.now)))", .muted)
        let loop = Span(run.loop, tone)
        guard run.isRunning else { return [loop, ending(run), time] }
        if let hold = run.hold, let held = held(hold, run, loop: loop, time: time, width: width) { return held }
        if let question = state.questions.first {
            let texts = [" \(question.role.rawValue) asks: i answers", " asks: i answers", " asks"]
            if let asked = fullest(texts, loop: loop, time: time, width: width) { return asked }
        }
        if let pause = run.pause, let paused = paused(pause, loop: loop, time: time, width: width) { return paused }
        let step = run.currentStep
        let detail = step.flatMap { $0.parts > 0 ? " (\($0.done)/\($0.parts))" : nil } ?? ""
        let place = Span(" \(min(run.steps.count, run.current + 1))/\(run.steps.count)", .muted)
        let name = Span(step?.name ?? "", tone)
        let full = [loop, Span(" \(glyphs.pointer) ", .muted), Span((step?.name ?? "") + detail), place]
        for (head, bar) in [(full, 16), ([name, place], 16), ([name, place], 0)] {
            let left = width - (head + [time]).reduce(0) { $0 + $1.width } - 1
            guard left >= min(bar, 6) else { continue }
            let progress = Span(.progress(fraction: run.fraction, width: min(bar, left)), .accent)
            return head + (bar > 0 ? [Span(" "), progress] : []) + [time]
        }
        return [Span(Figures.percent(run.fraction), .accent), time]
    }

    /// What the run waits for and when it goes on, as fully as there is room; nil where there is none.
    private func paused(_ pause: RunProgress.Pause, loop: Span, time: Span, width: Int) -> [Span]? {
        let left = Figures.duration(pause.until - state.now)
        let texts = [" paused: \(pause.limit), \(left) left", " paused, \(left) left", " paused"]
        return fullest(texts, loop: loop, time: time, width: width)
    }

    /// That the run stands still or will, and what lets it go on.
    private func held(_ hold: RunProgress.Hold, _ run: RunProgress, loop: Span, time: Span, width: Int) -> [Span]? {
        let texts: [String]
        switch hold {
        case .afterStep:
            let step = run.currentStep?.name ?? "this step"
            texts = [" pauses after \(step)", " pauses after this step", " will pause"]
        case .stopping: texts = [" stopping \(run.currentStep?.name ?? "the step")", " stopping"]
        case .held(let next, let isStopped):
            let name = run.steps.indices.contains(next) ? run.steps[next].name : "its end"
            let isWithin = next == run.current && run.currentStep?.finishedAt == nil
            let place = isStopped ? " stopped in \(name)" : isWithin ? " paused in \(name)" : " paused before \(name)"
            texts = ["\(place): Space goes on", "\(isStopped ? " stopped" : " paused"): Space goes on", " paused"]
        }
        return fullest(texts, loop: loop, time: time, width: width)
    }

    /// The first of some texts that there is room for.
    private func fullest(_ texts: [String], loop: Span, time: Span, width: Int) -> [Span]? {
        let lines = texts.map { [loop, Span($0, .warning), time] }
        return lines.first { $0.reduce(0) { $0 + $1.width } <= width }
    }

    private func ending(_ run: RunProgress) -> Span {
        run.state == .done
            ? Span(" \(glyphs.success) done", .good) : Span(" \(glyphs.failure) \(run.state.rawValue)", .bad)
    }

    /// What alarms, and the clock; on a narrow screen the run's own time stands for it.
    private func right(isNarrow: Bool) -> [Span] {
        var spans: [Span] = state.isReadOnly && !isNarrow ? [Span("  read-only", .accent)] : []
        if let alert = Alert(state.status) {
            spans += [Span("  "), Span("\(glyphs.warning) \(alert.text)", alert.isSpent ? .bad : .warning)]
        }
        if !isNarrow || state.run == nil {
            let clock = Figures.clock(state.now, utcOffset: state.utcOffset, withSeconds: state.isRunUnderWay)
            spans += [Span("  "), Span(clock, .muted)]
        }
        return spans + [Span(" ")]
    }
}

/// The figures that count most, for screens that show one pane.
struct Summary {
    var state: DashboardState
    private var glyphs: Glyphs { state.glyphs }

    init(state: DashboardState) { self.state = state }

    func line(width: Int) -> Line {
        guard let status = state.status else { return Line("No workspace", .muted) }
        var parts: [[Span]] = [[Span(" "), Span("$\(Figures.dollars(status.costs.today))", .strong), Span(" today")]]
        if let budget = status.budgets.min(by: { $0.remaining < $1.remaining }) {
            parts.append([Span("$\(Figures.dollars(budget.remaining))", .strong), Span(" left/\(budget.period)")])
        }
        parts.append([Span("hit "), Span(Figures.percent(status.cache.session.hitRate), .strong)])
        if let limit = status.limits.min(by: { $0.share < $1.share }) {
            parts.append([Span("\(limit.remaining)/\(limit.capacity)", .strong), Span(" \(limit.metric)")])
        }
        return Line(Line.joined(parts, separator: " \(glyphs.separator) ", width: width))
    }
}

extension Status.Limit {
    fileprivate var share: Double { capacity > 0 ? Double(remaining) / Double(capacity) : 0 }
}
