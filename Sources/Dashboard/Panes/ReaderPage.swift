import Core
import Studio
import Terminal
import Workspace

/// One artifact to read, with the choices that lead on.
struct ReaderPage {
    private var context: PaneContext
    private var reader: Reader
    private var glyphs: Glyphs { context.glyphs }

    /// Longer lines are hard to read.
    private static let measure = 84
    /// Columns from which on two takes stand side by side.
    private static let wide = 130

    init(_ context: PaneContext, _ reader: Reader) { (self.context, self.reader) = (context, reader) }

    private var width: Int { context.size.width }
    /// Whether there is room for another take beside the one that is read.
    private var hasTwo: Bool {
        width >= Self.wide && !reader.isRaw && reader.otherTake != nil && context.state.searchHere == nil
    }
    private var textWidth: Int { min(hasTwo ? (width - 3) / 2 : width, Self.measure) }
    /// The columns left of the text, which stands in the middle of a wide screen.
    private var margin: Int { max(0, (width - (hasTwo ? 2 * textWidth + 3 : textWidth)) / 2) }

    // MARK: Keys

    var actions: Set<Action> {
        guard let shown = reader.shown else { return [.back] }
        var actions: Set<Action> = [.back, .nextView, .filter, .copy]
        if context.state.searchHere != nil { actions.formUnion([.nextMatch, .previousMatch]) }
        if shown.piece.takes.count > 1 { actions.formUnion([.nextTake, .previousTake]) }
        if reader.isInWork { actions.formUnion([.edit, .delete, .acceptTake]) }
        if !reader.isRaw, !reader.choices.isEmpty { actions.formUnion([.fullSize, .up, .down]) }
        return actions
    }

    func perform(_ action: Action, in state: inout DashboardState) -> [Effect] {
        switch action {
        case .back: return goBack(&state)
        case .filter: state.dialog = FindDialog(state.search.text)
        case .nextMatch: state.goToMatch(by: 1)
        case .previousMatch: state.goToMatch(by: -1)
        case .nextView: state.reader?.isRaw.toggle()
        case .nextTake: state.reader?.turnTake(by: 1)
        case .previousTake: state.reader?.turnTake(by: -1)
        case .up: move(-1, &state)
        case .down: move(1, &state)
        default: return act(action, in: &state)
        }
        return []
    }

    private func act(_ action: Action, in state: inout DashboardState) -> [Effect] {
        guard let artifact = reader.artifact else { return [] }
        switch action {
        case .acceptTake: return [.acceptTake(artifact.id)]
        case .edit: return [.openEdit(artifact.id)]
        case .delete: state.askToDelete(artifact.id, title: artifact.title)
        case .copy:
            return state.copy(
                reader.isRaw ? raw(artifact) : ArtifactEdit(artifact).text, "the text of \(Wrapping.line(artifact.id))")
        case .fullSize: return follow(&state)
        default: break
        }
        return []
    }

    private func goBack(_ state: inout DashboardState) -> [Effect] {
        guard state.reader?.goBack() == true, let stop = state.reader?.stop else {
            (state.focus, state.reader) = (reader.origin, nil)
            return state.zoomEffects
        }
        return [.readArtifact(stop)]
    }

    private func follow(_ state: inout DashboardState) -> [Effect] {
        guard let choice = reader.selectedChoice else { return [] }
        guard !choice.target.isEmpty else {
            state.say("This choice leads nowhere: it names no scene.", isError: true)
            return []
        }
        let stop = Reader.Stop(id: choice.target, shelf: reader.stop?.shelf, isPiece: true)
        state.reader?.go(to: stop)
        return [.readArtifact(stop)]
    }

    /// Goes to the next choice where that is in sight, else a line on.
    private func move(_ step: Int, _ state: inout DashboardState) {
        guard let window = state.window else { return }
        let next = reader.selection + step
        let page = ReaderPage(PaneContext(state: state, size: window.inside.size), reader)
        let isInSight = page.choiceLine(next, of: window).map { (window.top..<window.top + window.height).contains($0) }
        if isInSight == true {
            state.reader?.moveChoice(by: step)
        } else {
            state.scroll(step < 0 ? .up : .down)
        }
    }

    /// The line on which a choice begins; nil where there is none.
    private func choiceLine(_ index: Int, of window: PaneWindow) -> Int? {
        guard reader.choices.indices.contains(index) else { return nil }
        let below = reader.choices[index...].reduce(0) { $0 + lines(of: $1, isSelected: false).count }
        return window.content.lines.count - below
    }

    // MARK: What is shown

    var content: PaneContent {
        guard let shown = reader.shown, let artifact = reader.artifact else {
            let id = Wrapping.line(reader.stop?.id ?? "")
            let text = reader.problem.map { "\($0)\n\nEsc goes back." } ?? "Reading \(id)."
            return PaneContent(subject: id, lines: context.explanation(text), isExplanation: true)
        }
        let body = reader.isRaw ? bytes(artifact) : text(artifact)
        return PaneContent(
            subject: "\(Wrapping.line(artifact.type))\(context.dot)\(Wrapping.line(artifact.id))", footer: hint,
            header: header(shown, artifact), lines: body
        ).marking(context.state.searchHere)
    }

    private var hint: String {
        func key(_ action: Action, _ word: String) -> String { "\(context.key(action)) \(word)" }
        var keys = (reader.isRaw || reader.choices.isEmpty ? [] : [key(.fullSize, "follows")]) + [key(.back, "back")]
        if reader.shown.map({ $0.piece.takes.count > 1 }) == true {
            keys.append("\(context.key(.previousTake)) \(key(.nextTake, "takes"))")
        }
        if reader.isInWork { keys += [key(.acceptTake, "accept"), key(.edit, "edit"), key(.delete, "delete")] }
        return context.hint(
            keys + [key(.filter, "find"), key(.nextView, reader.isRaw ? "text" : "bytes"), key(.copy, "copy")])
    }

    private func header(_ shown: Session.Shown, _ artifact: Artifact) -> [Line] {
        let title = Line([Span(Wrapping.line(artifact.title), .titleFocused)], trailing: takes(shown, artifact))
        let author = artifact.metadata["author"]?.string ?? ""
        let facts = [
            shown.temperature.rawValue, "revision \(artifact.revision)", author,
            artifact.modified.prefix(16).map { $0 == "T" ? " " : String($0) }.joined(), shown.place,
        ].filter { !$0.isEmpty }.map { [Span(Wrapping.line($0), .muted)] }
        let room = width - 2 * margin
        var lines = [title, Line(Line.joined(facts, separator: context.dot, width: room))]
        if let problem = artifact.needsReview {
            let words = Wrapping.lines("\(glyphs.warning) needs review: \(problem)", width: room - 1)
            lines += words.prefix(3).map { Line($0, .warning) }
        }
        return lines.map { indented($0, isWhole: true) } + [Line()]
    }

    /// Which of how many takes it is, and whether it counts.
    private func takes(_ shown: Session.Shown, _ artifact: Artifact) -> [Span] {
        guard shown.piece.takes.count > 1 else { return [] }
        let isChosen = shown.piece.chosen?.id == artifact.id
        let text = "take \(reader.take + 1) of \(shown.piece.takes.count)"
        return [
            Span(text, .strong),
            isChosen ? Span(" \(glyphs.success) counts", .good) : Span(" a accepts it", .muted),
        ]
    }

    private func text(_ artifact: Artifact) -> [Line] {
        let prose = prose(ofOther: false) + ending
        guard hasTwo, let other = reader.otherTake else { return prose.map { indented($0) } + choices }
        let left = heading(artifact) + prose
        let right = heading(other) + self.prose(ofOther: true)
        return left.beside(right, at: textWidth + 3, glyphs: glyphs).map { indented($0) } + choices
    }

    private func prose(ofOther: Bool) -> [Line] {
        reader.lines(width: textWidth, ofOther: ofOther) { paragraphs in
            ProseLines(glyphs: glyphs, width: textWidth).lines(paragraphs)
        }
    }

    /// What stands above a take that has another beside it.
    private func heading(_ take: Artifact) -> [Line] {
        [Line("take \(take.take)\(context.dot)\(Wrapping.line(take.id))", .columnTitle), Line()]
    }

    /// What a scene gives, or that it is an end.
    private var ending: [Line] {
        guard let scene = reader.scene else { return [] }
        var notes: [String] = []
        if !scene.sets.isEmpty { notes.append("gives \(scene.sets.joined(separator: ", "))") }
        if scene.isEnding { notes.append("an ending") }
        if scene.choices.isEmpty, !scene.isEnding { notes.append("no choice leads on") }
        return notes.isEmpty
            ? [] : [Line(), Line(notes.map { Wrapping.line($0) }.joined(separator: context.dot), .muted)]
    }

    private var choices: [Line] {
        guard !reader.choices.isEmpty else { return [] }
        return [Line()]
            + reader.choices.enumerated().flatMap { index, choice in
                lines(of: choice, isSelected: index == reader.selection)
            }
    }

    private func lines(of choice: StoryScene.Choice, isSelected: Bool) -> [Line] {
        let mark = isSelected ? glyphs.pointer : glyphs.arrow
        let target = name(of: choice.target)
        let room = max(1, textWidth - 3)
        let label = choice.label.isEmpty ? "(no label)" : choice.label
        var lines = Wrapping.lines(label, width: room).enumerated().map { row, text in
            Line([Span(row == 0 ? "\(mark) " : "  ", .accent), Span(text, isSelected ? .strong : .accent)])
        }
        let needs = choice.requires + (choice.condition.isEmpty ? [] : [choice.condition])
        let behind = needs.isEmpty ? "" : "needs \(needs.map { Wrapping.line($0) }.joined(separator: ", "))"
        lines.append(
            Line([
                Span("  \(glyphs.separator) "), Span(target.text, target.isMissing ? .warning : .muted),
                Span(behind.isEmpty ? "" : context.dot + behind, .muted),
            ]))
        return lines.map { line in
            var line = indented(line)
            line.isSelected = isSelected
            return line
        }
    }

    /// The title of the scene that a choice leads to, as far as it is known.
    private func name(of target: String) -> (text: String, isMissing: Bool) {
        guard !target.isEmpty else { return ("leads nowhere", true) }
        guard let all = context.state.artifacts else { return (Wrapping.line(target), false) }
        return all.title(of: target).map { ($0, false) } ?? ("\(Wrapping.line(target)) is not there", true)
    }

    // MARK: Bytes

    /// The longest file that is shown; the command line shows the rest.
    private static let longest = 200_000

    private func raw(_ artifact: Artifact) -> String { artifact.json.text(isPretty: true) }

    private func bytes(_ artifact: Artifact) -> [Line] {
        reader.rawLines(width: width) {
            let text = raw(artifact)
            let shown = text.prefix(Self.longest).split(separator: "\n", omittingEmptySubsequences: false)
            let lines = shown.flatMap { Wrapping.verbatim(String($0), width: width) }.map { Line($0) }
            guard shown.last?.endIndex != text.endIndex else { return lines }
            return lines + [Line("The rest: artifacts show \(Wrapping.line(artifact.id)) --json", .muted)]
        }
    }

    /// A line in the middle of a wide screen; `isWhole` when its right edge counts, too.
    private func indented(_ line: Line, isWhole: Bool = false) -> Line {
        guard margin > 0 else { return line }
        var line = line
        line.spans.insert(Span(String(repeating: " ", count: margin)), at: 0)
        if isWhole, !line.trailing.isEmpty { line.trailing.append(Span(String(repeating: " ", count: margin))) }
        return line
    }
}
