import Core
import Terminal

/// Chooses how the dashboard looks: the whole screen has the selected theme at once, Enter keeps it, Escape does not.
struct ThemeDialog: Dialog {
    var form = Form([.list([], selected: 0)])
    private let current: String
    /// The built-in themes, until the user's are read, too.
    private var entries: [ThemeShelf.Entry] = []
    private var folder: String?

    init(_ current: Theme) {
        self.current = current.name
        list(Theme.builtInNames.map { ThemeShelf.Entry(name: $0, theme: Theme.builtIn($0)) })
    }

    var title: String { "Theme" }
    var acceptLabel: String { selected?.theme == nil ? "" : "keep it" }
    var preview: Theme? { selected?.theme }

    private var selected: ThemeShelf.Entry? {
        entries.indices.contains(form.selected(0)) ? entries[form.selected(0)] : nil
    }

    func notes(_ state: DashboardState) -> [DialogNote] {
        guard let selected else { return [] }
        if let problem = selected.problem { return [DialogNote(problem, .bad)] }
        let place =
            selected.path.map { "It is yours: \($0)" } ?? "It is built in; your own go into \(folder ?? "a folder")."
        guard state.hasColors else {
            return [DialogNote("This terminal shows no colours, so that all of them look like mono.", .warning)]
        }
        return [DialogNote(place, .muted)] + Self.samples
    }

    /// Words in the tones that carry meaning.
    private static let samples: [DialogNote] = [
        DialogNote("good: hits and what is done", .good),
        DialogNote("warning: a budget that comes to its end", .warning),
        DialogNote("bad: what failed", .bad),
    ]

    mutating func receive(_ event: DashboardEvent) -> Bool {
        guard case .themes(let entries, let folder) = event else { return false }
        self.folder = folder
        list(entries)
        return false
    }

    /// What is selected stays selected.
    private mutating func list(_ entries: [ThemeShelf.Entry]) {
        let wanted = selected?.name ?? current
        self.entries = entries
        let options = entries.map { entry in
            Form.Option(
                text: entry.name, detail: entry.theme?.about ?? "cannot be used", isProblem: entry.theme == nil)
        }
        form.fields = [.list(options, selected: entries.firstIndex { $0.name == wanted } ?? 0)]
    }

    func accept(_ state: inout DashboardState) -> [Effect] {
        guard let theme = selected?.theme else {
            state.dialog = self
            return []
        }
        state.theme = theme
        guard state.status != nil, !state.isReadOnly else {
            state.say("The theme is \(theme.name) until the dashboard ends.")
            return []
        }
        state.say("The theme is \(theme.name) from now on.")
        return [.keepTheme(theme.name)]
    }
}
