import CTestKit
import Foundation

/// What a terminal of the xterm family makes of what a program writes: the cells, the cursor, the modes.
///
/// It is strict: whatever a full-screen program has no business to write is kept in ``strays``.
public struct TerminalEmulator: Sendable {
    public private(set) var width: Int
    public private(set) var height: Int
    /// What stands in each cell, row by row; empty right of a wide character.
    public private(set) var cells: [[String]]
    public private(set) var title = ""
    /// Everything that was put into the clipboard (OSC 52), in Base64.
    public private(set) var copies: [String] = []
    /// The numbers of the private modes that are set.
    public private(set) var modes: Set<Int> = [7, 25]
    /// Whether letters are drawn otherwise than plain.
    public private(set) var isStyled = false
    /// Sequences, control characters and letters out of place, as they came; the first hundred.
    public private(set) var strays: [String] = []

    private var row = 0
    private var column = 0
    /// The cursor stands behind the last column: the next letter goes to the next line.
    private var isPastEnd = false
    private var region: ClosedRange<Int>
    private var last = " "
    private var parser = ControlParser()
    private var rest: [UInt8] = []

    public init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        cells = Array(repeating: Array(repeating: " ", count: width), count: height)
        region = 0...max(0, height - 1)
        // How wide a letter is goes by the locale.
        setlocale(LC_CTYPE, "C.UTF-8")
    }

    /// The rows as text, blanks at their ends left out.
    public var rows: [String] {
        cells.map { row in
            let text = row.joined()
            return String(text[..<(text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex)])
        }
    }

    public mutating func resize(width: Int, height: Int) {
        cells = (0..<height).map { row in
            let kept = cells.indices.contains(row) ? Array(cells[row].prefix(width)) : []
            return kept + Array(repeating: " ", count: width - kept.count)
        }
        (self.width, self.height) = (width, height)
        region = 0...max(0, height - 1)
        (row, column) = (min(row, height - 1), min(column, width - 1))
        isPastEnd = false
    }

    /// Takes in what a program has written; the end may be in the middle of a letter.
    public mutating func take(_ bytes: [UInt8]) {
        let all = rest + bytes
        let end = all.endOfWholeLetters
        rest = Array(all[end...])
        for scalar in String(decoding: all[..<end], as: UTF8.self).unicodeScalars {
            switch parser.take(scalar) {
            case .letter(let letter): put(letter)
            case .control(let control): obey(control)
            case .reverseLineFeed: reverseLineFeed()
            case .sequence(let sequence): obey(sequence)
            case .command(let text): obey(command: text)
            case .stray(let text): note(text)
            case nil: break
            }
        }
    }

    private mutating func note(_ stray: String) {
        if strays.count < 100 { strays.append(stray.debugDescription) }
    }

    // MARK: Letters

    private mutating func put(_ letter: Unicode.Scalar) {
        let columns = Int(ct_columns(wchar_t(bitPattern: letter.value)))
        guard columns >= 0 else { return note(String(letter)) }
        if columns == 0 { return join(letter) }
        if isPastEnd || column + columns > width {
            guard modes.contains(7) else { return }
            lineFeed()
            column = 0
            isPastEnd = false
        }
        guard column + columns <= width else { return }
        clearHalves(row, column..<column + columns)
        cells[row][column] = String(letter)
        if columns == 2 { cells[row][column + 1] = "" }
        last = String(letter)
        column += columns
        if column >= width { (column, isPastEnd) = (width - 1, true) }
    }

    private mutating func join(_ mark: Unicode.Scalar) {
        var place = isPastEnd ? column : column - 1
        if place > 0, cells[row][place].isEmpty { place -= 1 }
        guard place >= 0 else { return note(String(mark)) }
        cells[row][place].unicodeScalars.append(mark)
    }

    /// Blanks what is left of wide characters of which a half is written over.
    private mutating func clearHalves(_ row: Int, _ columns: Range<Int>) {
        if cells[row][columns.lowerBound].isEmpty, columns.lowerBound > 0 { cells[row][columns.lowerBound - 1] = " " }
        if columns.upperBound < width, cells[row][columns.upperBound].isEmpty { cells[row][columns.upperBound] = " " }
    }

    private mutating func lineFeed() {
        if row == region.upperBound { scroll(by: 1, from: region.lowerBound) } else { row = min(row + 1, height - 1) }
    }

    private mutating func reverseLineFeed() {
        isPastEnd = false
        if row == region.lowerBound { scroll(by: -1, from: row) } else { row = max(0, row - 1) }
    }

    /// Moves the lines of the region from a row on up, or down for a negative number.
    private mutating func scroll(by count: Int, from first: Int) {
        guard region.contains(first) else { return }
        let blank = Array(repeating: " ", count: width)
        for _ in 0..<min(count.magnitude, UInt(height)) {
            cells.remove(at: count > 0 ? first : region.upperBound)
            cells.insert(blank, at: count > 0 ? region.upperBound : first)
        }
    }

    // MARK: Controls

    private mutating func obey(_ control: Unicode.Scalar) {
        isPastEnd = false
        switch control {
        case "\r": column = 0
        case "\n": lineFeed()
        case "\u{8}": column = max(0, column - 1)
        case "\t": column = min(width - 1, (column / 8 + 1) * 8)
        case "\u{7}", "\u{F}": break
        default: note(String(control))
        }
    }

    private mutating func obey(command text: String) {
        if text.hasPrefix("0;") {
            title = String(text.dropFirst(2))
        } else if text.hasPrefix("52;c;"), Data(base64Encoded: String(text.dropFirst(5))) != nil {
            copies.append(String(text.dropFirst(5)))
        } else if !text.hasPrefix("9;") {
            note("OSC " + text)
        }
    }

    private mutating func obey(_ sequence: ControlParser.Sequence) {
        let (first, second) = (sequence.number(0), sequence.number(1))
        if sequence.prefix != "" || !sequence.between.isEmpty { return obeyPrivate(sequence) }
        switch sequence.final {
        case "H", "f": move(toRow: max(1, first) - 1, column: max(1, second) - 1)
        case "A": move(toRow: row - max(1, first), column: column)
        case "B": move(toRow: row + max(1, first), column: column)
        case "C": move(toRow: row, column: column + max(1, first))
        case "D": move(toRow: row, column: column - max(1, first))
        case "G": move(toRow: row, column: max(1, first) - 1)
        case "d": move(toRow: max(1, first) - 1, column: column)
        case "Z": move(toRow: row, column: max(0, (column - 1) / 8 * 8))
        case "J", "K", "X": erase(sequence.final, first)
        case "@", "P": shift(sequence.final == "@" ? max(1, first) : -max(1, first))
        case "L": scroll(by: -max(1, first), from: row)
        case "M": scroll(by: max(1, first), from: row)
        case "S": scroll(by: max(1, first), from: region.lowerBound)
        case "T": scroll(by: -max(1, first), from: region.lowerBound)
        case "b": for _ in 0..<max(1, first) { for scalar in last.unicodeScalars { put(scalar) } }
        case "m": isStyled = !sequence.numbers.isEmpty && sequence.numbers != [0] && sequence.numbers != [39, 49]
        case "r": confine(from: max(1, first) - 1, to: (second == 0 ? height : min(second, height)) - 1)
        case "l", "h": if sequence.numbers != [4] { note(sequence.text) }
        case "t": if ![22, 23].contains(first) { note(sequence.text) }
        case "c": break
        default: note(sequence.text)
        }
    }

    private mutating func obeyPrivate(_ sequence: ControlParser.Sequence) {
        switch (sequence.prefix, sequence.between, sequence.final) {
        case ("?", "", "h"): modes.formUnion(sequence.numbers)
        case ("?", "", "l"): modes.subtract(sequence.numbers)
        case ("?", "$", "p"), (">", "", "c"), ("", "!", "p"): break
        default: note(sequence.text)
        }
    }

    private mutating func confine(from top: Int, to bottom: Int) {
        // What was meant for a former size is refused, as terminals do.
        guard top < bottom else { return }
        region = top...bottom
        move(toRow: 0, column: 0)
    }

    private mutating func move(toRow row: Int, column: Int) {
        self.row = min(max(0, row), height - 1)
        self.column = min(max(0, column), width - 1)
        isPastEnd = false
    }

    private mutating func erase(_ final: Unicode.Scalar, _ how: Int) {
        isPastEnd = false
        if final == "X" { return blank(row, column..<min(width, column + max(1, how))) }
        blank(row, how == 0 ? column..<width : how == 1 ? 0..<column + 1 : 0..<width)
        guard final == "J" else { return }
        for other in how == 0 ? row + 1..<height : how == 1 ? 0..<row : 0..<height { blank(other, 0..<width) }
    }

    private mutating func blank(_ row: Int, _ columns: Range<Int>) {
        guard !columns.isEmpty else { return }
        clearHalves(row, columns)
        for column in columns { cells[row][column] = " " }
    }

    /// Makes room at the cursor, or takes cells out for a negative number.
    private mutating func shift(_ count: Int) {
        isPastEnd = false
        let number = min(Int(count.magnitude), width - column)
        let blanks = Array(repeating: " ", count: number)
        if count > 0 {
            cells[row].insert(contentsOf: blanks, at: column)
            cells[row].removeLast(number)
        } else {
            cells[row].removeSubrange(column..<column + number)
            cells[row] += blanks
        }
    }
}

extension [UInt8] {
    /// Where the last letter begins that is not whole, or the end.
    fileprivate var endOfWholeLetters: Int {
        guard let lead = suffix(3).lastIndex(where: { $0 & 0xC0 != 0x80 }), self[lead] >= 0xC0 else { return count }
        let length = self[lead] >= 0xF0 ? 4 : self[lead] >= 0xE0 ? 3 : 2
        return lead + length > count ? lead : count
    }
}
