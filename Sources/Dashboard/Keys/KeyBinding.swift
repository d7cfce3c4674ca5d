import Terminal

/// One record per thing that keys do: dispatch, footer, help and the README's table all come from it.
struct KeyBinding<Command: Hashable & Sendable>: Sendable {
    /// Says why a key can do nothing, or nil.
    typealias Obstacle = @Sendable (DashboardState) -> String?

    var keys: [Key]
    var action: Command
    /// One or two words.
    var label: String
    /// A sentence for the help screen.
    var about: String
    var isInFooter: Bool
    /// Why the key can do nothing now, in a sentence; nil when it can.
    var obstacle: Obstacle

    init(
        _ keys: [Key], _ action: Command, _ label: String, _ about: String, isInFooter: Bool = false,
        obstacle: @escaping Obstacle = { _ in nil }
    ) {
        self.keys = keys
        self.action = action
        self.label = label
        self.about = about
        self.isInFooter = isInFooter
        self.obstacle = obstacle
    }

    /// The keys as a person calls them: `Tab`, `↓ j`.
    func names(_ glyphs: Glyphs = .unicode) -> String { keys.map { $0.name(glyphs) }.joined(separator: " ") }
}

extension Key {
    func name(_ glyphs: Glyphs) -> String {
        switch self {
        case .character(let character): String(character)
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .up: glyphs == .ascii ? "Up" : "↑"
        case .down: glyphs == .ascii ? "Down" : "↓"
        case .left: glyphs == .ascii ? "Left" : "←"
        case .right: glyphs == .ascii ? "Right" : "→"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .home: "Home"
        case .end: "End"
        case .backspace: "Backspace"
        case .delete: "Delete"
        case .control(let character): "Ctrl-\(character.uppercased())"
        case .function(let number): "F\(number)"
        }
    }
}
