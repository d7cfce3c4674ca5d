import Core
import Studio
import Terminal

/// Every event, those of earlier sessions too, and each of them whole.
struct ActivityZoom: Zoom {
    /// A line that is looked into, and what is known of its request.
    struct Inspection: Sendable {
        var line: ActivityLine
        /// The pane that led to it, and to which the way back leads.
        var origin: Pane.ID
        var card: RequestCard?
        var problem: String?
    }

    var context: PaneContext

    init(_ context: PaneContext) { self.context = context }

    private var state: DashboardState { context.state }
    private var choice: TableChoice { state.tables[.activity] ?? TableChoice() }
    private var wanted: [ActivityLine] {
        state.activity.filter { choice.isWanted([$0.subject, $0.text, $0.cause ?? ""]) }
    }
    private var selected: ActivityLine? {
        let wanted = wanted
        guard !wanted.isEmpty else { return nil }
        return wanted[context.selection(of: .activity, among: wanted.map(\.id), fromEnd: true)]
    }

    var place: String { state.inspection.map { "event \($0.line.id)" } ?? "" }
    var motion: Pane.Motion { state.inspection == nil ? .selectsFromEnd : .scrolls }

    /// What happened before the dashboard was opened, where nothing has happened since.
    var reading: [Effect] { state.activity.isEmpty ? olderEffects : [] }

    private var olderEffects: [Effect] {
        guard !state.hasAllActivity, !state.isReadingActivity, state.status != nil else { return [] }
        return [.readActivity(upTo: state.activity.first?.moment ?? state.now)]
    }

    // MARK: Keys

    var actions: Set<Action> {
        guard let inspection = state.inspection else {
            return Set([.filter, .up, .pageUp, .top]).union(selected == nil ? [] : [.fullSize, .copy])
        }
        let all: Set<Action> = [.back, .filter, .copy]
        return all.union(state.searchHere == nil ? [] : [.nextMatch, .previousMatch])
            .union(inspection.line.artifact == nil ? [] : [.fullSize])
    }

    func perform(_ action: Action, in state: inout DashboardState) -> [Effect] {
        guard let inspection = state.inspection else { return performInList(action, in: &state) }
        switch action {
        case .back:
            (state.focus, state.inspection) = (inspection.origin, nil)
            return state.zoomEffects
        case .filter: state.dialog = FindDialog(state.search.text)
        case .nextMatch: state.goToMatch(by: 1)
        case .previousMatch: state.goToMatch(by: -1)
        case .copy: return state.copy(content.lines.map(\.text).joined(separator: "\n"), "the event")
        case .fullSize: return inspection.line.artifact.map { state.read(Reader.Stop(id: $0)) } ?? []
        default: break
        }
        return []
    }

    private func performInList(_ action: Action, in state: inout DashboardState) -> [Effect] {
        switch action {
        case .fullSize:
            guard let selected else { return [] }
            return state.inspect(selected)
        case .copy: return selected.map { state.copy("\($0.subject) \($0.text)", "the line") } ?? []
        case .up, .pageUp, .top:
            state.scroll(action)
            let isAtTop = state.window.map { $0.selection == 0 } ?? false
            state.isReadingActivity = isAtTop && !olderEffects.isEmpty
            return isAtTop ? olderEffects : []
        default: return state.turnTable(action)
        }
    }

    // MARK: What is shown

    var content: PaneContent {
        if let inspection = state.inspection { return page(inspection).marking(state.searchHere) }
        guard !state.activity.isEmpty else {
            let text =
                state.status == nil
                ? "Nothing happens without a workspace." : "Nothing has happened yet: g starts a loop."
            return PaneContent(lines: context.explanation(text), isExplanation: true)
        }
        let wanted = wanted
        guard !wanted.isEmpty else {
            let text =
                "Nothing that happened has \"\(Wrapping.line(choice.filter))\" in it: / looks for something else."
            return PaneContent(lines: context.explanation(text), isExplanation: true)
        }
        let ids = wanted.map(\.id)
        let selected = context.selection(of: .activity, among: ids, fromEnd: true)
        let shown = context.visible(.activity, of: ids.count, around: selected)
        var lines = wanted.indices.map { shown.contains($0) ? wanted[$0].line(context) : Line() }
        lines.select(selected, context)
        let hint = context.hint([
            "\(context.key(.fullSize)) whole", "\(context.key(.filter)) filter", "\(context.key(.bottom)) follows",
            "\(context.key(.copy)) copy",
        ])
        return PaneContent(
            subject: summary(wanted.count), footer: hint, lines: lines, rowIDs: ids, selected: selected)
    }

    private func summary(_ count: Int) -> String {
        let all = "\(Figures.count(state.activity.count))\(state.hasAllActivity ? "" : "+") events"
        return choice.filter.isEmpty ? all : "\(Figures.count(count)) of \(all) with \(Wrapping.line(choice.filter))"
    }

    private func page(_ inspection: Inspection) -> PaneContent {
        let line = inspection.line
        var facts = FactLines(width: min(context.size.width, 100))
        facts.add("when", moment(line.moment))
        facts.add("who", line.subject, .accent)
        facts.add("what", line.text, line.tone)
        facts.add("why", line.cause ?? "")
        if line.artifact != nil { facts.add("", "\(context.key(.fullSize)) reads the artifact.", .muted) }
        facts.add("", inspection.problem ?? "", .bad)
        var lines = facts.lines
        if let card = inspection.card {
            lines += [Line()] + RequestLines(context, card).lines
        } else if line.request != nil, inspection.problem == nil {
            lines.append(Line("Reading its request.", .muted))
        }
        let keys =
            (line.artifact == nil ? [] : ["\(context.key(.fullSize)) reads"]) + [
                "\(context.key(.filter)) find", "\(context.key(.copy)) copy", "\(context.key(.back)) back",
            ]
        return PaneContent(subject: "event", footer: context.hint(keys), lines: lines)
    }

    private func moment(_ wall: Int64) -> String {
        let clock =
            Figures.monthAndDay(wall, utcOffset: state.utcOffset) + " "
            + Figures.clock(wall, utcOffset: state.utcOffset, withSeconds: true)
        let ago = state.now - wall
        return ago < 1_000_000 ? clock : "\(clock), \(Figures.duration(ago)) ago"
    }
}

extension DashboardState {
    /// Looks into a line of Activity.
    mutating func inspect(_ line: ActivityLine) -> [Effect] {
        inspection = ActivityZoom.Inspection(line: line, origin: focus)
        (focus, isFullSize) = (.activity, true)
        return line.request.map { [.inspect($0)] } ?? []
    }

    /// Takes in what happened before the oldest line that is there; a line that is there already stays one.
    mutating func takeOlder(_ records: [SessionEventRecord], upTo wall: Int64) {
        isReadingActivity = false
        let known = Set(activity.prefix(50).map(\.id))
        let lines = records.compactMap { ActivityLine($0, requests: [:]) }.filter { !known.contains($0.id) }
        activity.insert(contentsOf: lines, at: 0)
        // Who reads there goes on reading the same lines.
        for id in [.activity, Pane.ID(rawValue: "activity zoom ")] {
            if let top = views[id]?.top { views[id]?.top = top + lines.count }
        }
        hasAllActivity = records.isEmpty || records.first.map { $0.moment.wall >= wall } == true
    }
}

extension ActivityLine {
    /// The line as the pane shows it.
    func line(_ context: PaneContext) -> Line {
        let (now, offset) = (context.state.now, context.state.utcOffset)
        let day = Figures.monthAndDay(moment, utcOffset: offset)
        let isToday = day == Figures.monthAndDay(now, utcOffset: offset)
        let clock = Figures.clock(moment, utcOffset: offset, withSeconds: isToday && context.size.width >= 40)
        return Line([
            Span(isToday ? clock : "\(day) \(clock)", .muted), Span(" \(subject) ", .accent), Span(text, tone),
        ])
    }
}

extension Line {
    /// Its texts one after the other.
    var text: String {
        (spans + trailing).map { if case .text(let text) = $0.content { text } else { "" } }.joined()
    }
}
