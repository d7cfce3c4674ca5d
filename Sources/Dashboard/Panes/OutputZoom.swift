import Core
import Studio
import Workspace

/// The reader: the text as it is written, its bytes, the artifacts of the workspace, and each of them whole.
struct OutputZoom: Zoom {
    /// What `v` goes through as long as no artifact is open.
    enum View: Int, CaseIterable { case text, bytes, artifacts }

    var context: PaneContext

    init(_ context: PaneContext) { self.context = context }

    private var state: DashboardState { context.state }
    private var view: View { View.allCases[(state.tables[.output]?.view ?? 0) % View.allCases.count] }
    private var list: ArtifactList { ArtifactList(context) }

    var place: String {
        guard let reader = state.reader else { return "\(view)" }
        return "reader \(reader.trail.count) \(reader.artifact?.id ?? "") \(reader.isRaw)"
    }

    var motion: Pane.Motion {
        if state.reader != nil { return .scrolls }
        return view == .artifacts ? .selects : .followsEnd
    }

    var reading: [Effect] {
        view == .artifacts && state.reader == nil && state.artifacts == nil ? [.listArtifacts] : []
    }

    var content: PaneContent {
        if let reader = state.reader { return ReaderPage(context, reader).content }
        switch view {
        case .text, .bytes: return found(OutputText(context, isRaw: view == .bytes).content)
        case .artifacts: return list.content
        }
    }

    var actions: Set<Action> {
        if let reader = state.reader { return ReaderPage(context, reader).actions }
        if view == .artifacts { return list.actions }
        let hasStored = state.output.contains { !$0.stored.isEmpty }
        return Set([.nextView, .filter]).union(hasStored ? [.fullSize] : []).union(state.output.isEmpty ? [] : [.copy])
            .union(state.searchHere == nil ? [] : [.nextMatch, .previousMatch])
    }

    func perform(_ action: Action, in state: inout DashboardState) -> [Effect] {
        if let reader = state.reader { return ReaderPage(context, reader).perform(action, in: &state) }
        if view == .artifacts { return list.perform(action, in: &state) }
        switch action {
        case .filter: state.dialog = FindDialog(state.search.text)
        case .nextMatch: state.goToMatch(by: 1)
        case .previousMatch: state.goToMatch(by: -1)
        case .copy: if let last = state.output.last { return state.copy(last.text, "the last answer") }
        case .fullSize: return openStored(&state)
        default: return state.turnTable(action)
        }
        return []
    }

    /// Opens the artifact that was stored last of what is on the screen, or above it.
    private func openStored(_ state: inout DashboardState) -> [Effect] {
        guard let window = state.window else { return [] }
        let links = window.content.links.sorted { $0.key < $1.key }
        let shown = links.last { $0.key < window.top + window.height } ?? links.first
        return shown.map { state.read(Reader.Stop(id: $0.value)) } ?? []
    }

    /// The content with what is looked for marked.
    private func found(_ content: PaneContent) -> PaneContent { content.marking(state.searchHere) }
}

extension PaneContent {
    /// With the places marked that have what is looked for.
    func marking(_ search: Search?) -> PaneContent {
        guard let search else { return self }
        var content = self
        content.lines = Matches(of: search.text, in: lines).marked(lines, current: search.current)
        return content
    }
}
