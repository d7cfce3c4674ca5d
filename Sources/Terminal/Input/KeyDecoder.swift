import CNcurses

/// Makes events of what ncurses reads.
///
/// ncurses knows the sequences of the terminal's keys; those that it does not know come as single characters and
/// are swallowed here, so that a strange key never presses half a dozen others.
struct KeyDecoder {
    /// What one read gives.
    enum Input: Hashable {
        case scalar(Unicode.Scalar)
        /// A number of ncurses, or one of ``KeyDecoder/sequences``.
        case function(Int32)
        /// Nothing more at the moment.
        case pause
    }

    private enum State { case plain, escaped, sequence, string, paste, mouse }

    private var state = State.plain
    private var pasted = String.UnicodeScalarView()
    private var pastedBytes = 0
    /// Whether the terminal answered that it has synchronized output.
    private(set) var hasSynchronizedOutput = false
    /// Whether the terminal said last that it is being looked at.
    private(set) var hasFocus = false
    private var mouseReport = ""

    var isPasting: Bool { state == .paste }

    mutating func take(_ input: Input) -> [InputEvent] {
        switch state {
        case .paste: return takeInPaste(input)
        case .mouse: return takeInMouseReport(input)
        case .plain: return takePlain(input)
        case .escaped: return takeEscaped(input)
        case .sequence:
            if input.endsSequence { state = .plain }
            return []
        case .string:
            if input == .scalar("\u{7}") || input == .pause { state = .plain }
            if input == .scalar("\u{1B}") { state = .sequence }
            return []
        }
    }

    /// The paste so far; also for one whose end the terminal never sends.
    mutating func endPaste() -> InputEvent? {
        guard isPasting else { return nil }
        defer { (state, pasted, pastedBytes) = (.plain, String.UnicodeScalarView(), 0) }
        return .paste(String(pasted))
    }

    private mutating func takePlain(_ input: Input) -> [InputEvent] {
        switch input {
        case .pause: return []
        case .scalar("\u{1B}"):
            state = .escaped
            return []
        case .scalar(let scalar): return Key(scalar).map { [.key($0)] } ?? []
        case .function(Self.pasteStart):
            state = .paste
            return []
        case .function(Self.mouseStart):
            (state, mouseReport) = (.mouse, "")
            return []
        case .function(Self.focusGained), .function(Self.focusLost):
            hasFocus = input == .function(Self.focusGained)
            return []
        case .function(Self.hasSynchronization):
            hasSynchronizedOutput = true
            return []
        case .function(let number): return Key(number: number).map { [.key($0)] } ?? []
        }
    }

    private mutating func takeInMouseReport(_ input: Input) -> [InputEvent] {
        guard case .scalar(let scalar) = input, mouseReport.count < Self.longestMouseReport else {
            state = .plain
            return []
        }
        mouseReport.unicodeScalars.append(scalar)
        guard input.endsSequence else { return [] }
        state = .plain
        return MouseEvent(report: mouseReport).map { [.mouse($0)] } ?? []
    }

    private mutating func takeEscaped(_ input: Input) -> [InputEvent] {
        switch input {
        case .scalar("["), .scalar("O"): state = .sequence
        case .scalar("]"), .scalar("P"), .scalar("_"), .scalar("^"): state = .string
        case .scalar("\u{1B}"): return [.key(.escape)]
        default:
            state = .plain
            return [.key(.escape)] + takePlain(input)
        }
        return []
    }

    private mutating func takeInPaste(_ input: Input) -> [InputEvent] {
        switch input {
        case .function(Self.pasteEnd): return endPaste().map { [$0] } ?? []
        case .scalar(let scalar) where pastedBytes < Self.longestPaste:
            pasted.append(scalar == "\r" ? "\n" : scalar)
            pastedBytes += UTF8.width(scalar)
        default: break
        }
        return []
    }
}

extension KeyDecoder.Input {
    /// Parameters of a control sequence end with a byte of this range; a pause ends a broken one.
    fileprivate var endsSequence: Bool {
        switch self {
        case .scalar(let scalar): scalar.value >= 0x40 && scalar.value <= 0x7E
        case .function, .pause: true
        }
    }
}

extension KeyDecoder {
    private static let longestPaste = 1 << 20

    // Above every number that ncurses gives to keys.
    static let pasteStart: Int32 = 6000
    static let pasteEnd: Int32 = 6001
    static let hasSynchronization: Int32 = 6002
    static let lacksSynchronization: Int32 = 6003
    static let mouseStart: Int32 = 6004
    static let focusGained: Int32 = 6005
    static let focusLost: Int32 = 6006
    private static let longestMouseReport = 24

    /// What terminfo does not tell: marks of a paste, of the mouse and of focus, answers to the question for synchronized
    /// output, and keys as they come when a terminal's modes are not those of its description.
    static let sequences: [(sequence: String, number: Int32)] = [
        ("\u{1B}[200~", pasteStart), ("\u{1B}[201~", pasteEnd),
        ("\u{1B}[<", mouseStart), ("\u{1B}[I", focusGained), ("\u{1B}[O", focusLost),
        ("\u{1B}[?2026;0$y", lacksSynchronization), ("\u{1B}[?2026;1$y", hasSynchronization),
        ("\u{1B}[?2026;2$y", hasSynchronization), ("\u{1B}[?2026;3$y", hasSynchronization),
        ("\u{1B}[?2026;4$y", lacksSynchronization),
        ("\u{1B}[A", KEY_UP), ("\u{1B}[B", KEY_DOWN), ("\u{1B}[C", KEY_RIGHT), ("\u{1B}[D", KEY_LEFT),
        ("\u{1B}[H", KEY_HOME), ("\u{1B}[F", KEY_END), ("\u{1B}[1~", KEY_HOME), ("\u{1B}[4~", KEY_END),
        ("\u{1B}[7~", KEY_HOME), ("\u{1B}[8~", KEY_END), ("\u{1B}[Z", KEY_BTAB),
    ]
}

extension Key {
    /// The key that sends a single character; nil for C1 controls.
    fileprivate init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 8, 127: self = .backspace
        case 9: self = .tab
        case 10, 13: self = .enter
        case 0...26, 28...31: self = .control(Character(Unicode.Scalar(UInt8(scalar.value + 0x40))).lowered)
        case 0x80...0x9F: return nil
        default: self = .character(Character(scalar))
        }
    }

    /// The key that ncurses gives this number; nil for those that nothing asks for.
    fileprivate init?(number: Int32) {
        switch number {
        case KEY_UP: self = .up
        case KEY_DOWN: self = .down
        case KEY_LEFT: self = .left
        case KEY_RIGHT: self = .right
        case KEY_PPAGE: self = .pageUp
        case KEY_NPAGE: self = .pageDown
        case KEY_HOME: self = .home
        case KEY_END: self = .end
        case KEY_BACKSPACE: self = .backspace
        case KEY_DC: self = .delete
        case KEY_ENTER: self = .enter
        case KEY_BTAB: self = .backTab
        case cn_function_key(1)...cn_function_key(63): self = .function(Int(number - cn_function_key(0)))
        default: return nil
        }
    }
}

extension Character {
    fileprivate var lowered: Character { lowercased().first ?? self }
}
