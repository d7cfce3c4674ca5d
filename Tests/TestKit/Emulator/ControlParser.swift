/// Takes what a program writes to a terminal apart: letters, control characters and sequences.
///
/// After the state machine of <https://vt100.net/emu/dec_ansi_parser>, as far as programs of today write.
struct ControlParser: Sendable {
    /// A control sequence: `ESC [`, a prefix, numbers, characters between, a final one.
    struct Sequence: Sendable {
        var prefix = ""
        var digits = ""
        var between = ""
        var final: Unicode.Scalar = " "

        var numbers: [Int] {
            digits.isEmpty
                ? [] : digits.split(omittingEmptySubsequences: false) { $0 == ";" || $0 == ":" }.map { Int($0) ?? 0 }
        }

        func number(_ place: Int) -> Int { numbers.indices.contains(place) ? numbers[place] : 0 }

        var text: String { "CSI " + prefix + digits + between + String(final) }
    }

    enum Token: Sendable {
        case letter(Unicode.Scalar)
        case control(Unicode.Scalar)
        case reverseLineFeed
        case sequence(Sequence)
        /// An operating system command.
        case command(String)
        case stray(String)
    }

    private enum State {
        case ground, escape, sequence(Sequence), command(String), commandEscape(String), charset
    }

    private var state = State.ground

    /// Takes a character; returns what is whole with it.
    mutating func take(_ scalar: Unicode.Scalar) -> Token? {
        switch state {
        case .ground: return takePlain(scalar)
        case .escape: return takeEscaped(scalar)
        case .charset:
            state = .ground
            return scalar == "B" ? nil : .stray("charset \(scalar)")
        case .sequence(let sequence): return take(scalar, in: sequence)
        case .command(let text):
            if scalar == "\u{7}" { return end(.command(text)) }
            state = scalar == "\u{1B}" ? .commandEscape(text) : .command(text + String(scalar))
            return nil
        case .commandEscape(let text): return end(scalar == "\\" ? .command(text) : .stray("OSC " + text))
        }
    }

    private mutating func end(_ token: Token) -> Token {
        state = .ground
        return token
    }

    private mutating func takePlain(_ scalar: Unicode.Scalar) -> Token? {
        if scalar == "\u{1B}" {
            state = .escape
            return nil
        }
        return scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? .control(scalar) : .letter(scalar)
    }

    private mutating func takeEscaped(_ scalar: Unicode.Scalar) -> Token? {
        switch scalar {
        case "[": state = .sequence(Sequence())
        case "]": state = .command("")
        case "(", ")": state = .charset
        // Keypad modes, the cursor's place kept and taken back.
        case "=", ">", "7", "8": state = .ground
        case "M": return end(.reverseLineFeed)
        default: return end(.stray("ESC \(scalar)"))
        }
        return nil
    }

    private mutating func take(_ scalar: Unicode.Scalar, in sequence: Sequence) -> Token? {
        var sequence = sequence
        switch scalar.value {
        case 0x30...0x3B: sequence.digits.unicodeScalars.append(scalar)
        case 0x3C...0x3F: sequence.prefix.unicodeScalars.append(scalar)
        case 0x20...0x2F: sequence.between.unicodeScalars.append(scalar)
        case 0x40...0x7E:
            sequence.final = scalar
            return end(.sequence(sequence))
        default: return end(.stray(sequence.text + String(scalar)))
        }
        state = .sequence(sequence)
        return nil
    }
}
