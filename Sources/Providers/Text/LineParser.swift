/// Takes a stream of lines apart, however its bytes are cut into pieces. Blank lines are passed over.
struct LineParser {
    private var line: [UInt8] = []

    /// Takes the next bytes and returns every line that they complete.
    mutating func take(_ bytes: some Collection<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line += rest[..<end]
            rest = rest[rest.index(after: end)...]
            if let line = finish() { lines.append(line) }
        }
        line += rest
        return lines
    }

    /// A last line that nothing ends; nil when there is none.
    mutating func finish() -> [UInt8]? {
        defer { line = [] }
        let isBlank = line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
        return isBlank ? nil : line
    }
}
