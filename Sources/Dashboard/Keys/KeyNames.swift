import Terminal

extension Key {
    /// The key as a person calls it.
    func name(_ glyphs: Glyphs) -> String {
        switch self {
        case .character(" "): "Space"
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

    /// How ``init(named:)`` wants keys.
    static let spelling = "keys are written as one character, or as in Enter, Shift-Tab, PgUp, Space, Ctrl-R, F5"

    /// The key of a name as ``name(_:)`` gives it, in any case; nil when no terminal sends such a key.
    init?(named name: String) {
        if name.unicodeScalars.count == 1, let character = name.first {
            guard displayWidth(name) > 0, character.isPrintable else { return nil }
            self = .character(character)
            return
        }
        let small = name.lowercased()
        guard let key = Self.named.first(where: { $0.name(.ascii).lowercased() == small }) else { return nil }
        self = key
    }

    /// Every key whose name is longer than a character.
    private static let named: [Key] =
        [
            .character(" "), .enter, .escape, .tab, .backTab, .up, .down, .left, .right, .pageUp, .pageDown, .home,
            .end,
            .backspace, .delete,
        ] + (1...63).map { .function($0) } + controls.map { .control($0) }

    /// Those that terminals do not send another key for.
    private static let controls = "abcdefgklnopqrstuvwxyz@\\]^_"
}

extension Character {
    fileprivate var isPrintable: Bool {
        unicodeScalars.allSatisfy { scalar in
            let isControl = scalar.value <= 0x20 || (0x7F...0x9F).contains(scalar.value)
            return !isControl
                && ![.nonspacingMark, .enclosingMark, .format].contains(scalar.properties.generalCategory)
        }
    }
}
