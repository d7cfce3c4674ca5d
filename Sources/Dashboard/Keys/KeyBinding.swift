import Terminal

/// One record per thing that keys do: dispatch, footer, help, palette and the README's table all come from it.
struct KeyBinding<Command: Hashable & Sendable>: Sendable {
    /// Says why a key can do nothing, or nil.
    typealias Obstacle = @Sendable (DashboardState) -> String?

    var keys: [Key]
    var action: Command
    /// One or two words.
    var label: String
    /// A sentence for the help screen.
    var about: String
    /// When the footer shows it.
    var footer: FooterTime
    /// The panes that it is about: their help tells it first.
    var panes: [Pane.ID]
    /// Why the key can do nothing now, in a sentence; nil when it can.
    var obstacle: Obstacle

    init(
        _ keys: [Key], _ action: Command, _ label: String, _ about: String, footer: FooterTime = .never,
        panes: [Pane.ID] = [], obstacle: @escaping Obstacle = { _ in nil }
    ) {
        self.keys = keys
        self.action = action
        self.label = label
        self.about = about
        self.footer = footer
        self.panes = panes
        self.obstacle = obstacle
    }

    /// The keys as a person calls them: `Tab`, `↓ j`.
    func names(_ glyphs: Glyphs = .unicode) -> String { keys.map { $0.name(glyphs) }.joined(separator: " ") }
}

/// When the footer shows a key.
enum FooterTime: Hashable, Sendable {
    case never, always
    /// While no run is under way.
    case idle
    /// While a run is under way.
    case running

    func counts(whileRunning isRunning: Bool) -> Bool {
        switch self {
        case .never: false
        case .always: true
        case .idle: !isRunning
        case .running: isRunning
        }
    }
}
