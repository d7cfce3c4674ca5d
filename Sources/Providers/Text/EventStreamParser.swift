import Foundation

/// Takes a server-sent event stream apart, however its bytes are cut into pieces.
///
/// Only the data of events is kept; names, ids and comments are passed over. Lines end with LF, CRLF or CR.
struct EventStreamParser {
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private var line: [UInt8] = []
    private var data: [UInt8]?
    private var hasCarriageReturn = false
    private var isFirstLine = true

    /// Takes the next bytes and returns the data of every event that they complete.
    mutating func take(_ bytes: some Collection<UInt8>) -> [[UInt8]] {
        var events: [[UInt8]] = []
        var rest = bytes[...]
        while let first = rest.first {
            if hasCarriageReturn {
                hasCarriageReturn = false
                if first == Self.lineFeed {
                    rest = rest.dropFirst()
                    continue
                }
            }
            guard let end = rest.firstIndex(where: { $0 == Self.lineFeed || $0 == Self.carriageReturn }) else {
                line += rest
                break
            }
            line += rest[..<end]
            hasCarriageReturn = rest[end] == Self.carriageReturn
            rest = rest[rest.index(after: end)...]
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    /// The data of a last event that no empty line completes. Its last line counts only when it is whole.
    mutating func finish() -> [UInt8]? {
        defer { data = nil }
        return data
    }

    private mutating func endLine() -> [UInt8]? {
        defer {
            line.removeAll(keepingCapacity: true)
            isFirstLine = false
        }
        var content = line[...]
        if isFirstLine, content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        guard !content.isEmpty else { return finish() }
        guard content.starts(with: "data".utf8) else { return nil }
        content = content.dropFirst(4)
        guard content.isEmpty || content.popFirst() == UInt8(ascii: ":") else { return nil }
        if content.first == UInt8(ascii: " ") { content = content.dropFirst() }
        data = data.map { $0 + [Self.lineFeed] + content } ?? Array(content)
        return nil
    }
}
