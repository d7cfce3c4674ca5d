import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Compares frames with a file in Frames/; with QUESTFOUNDRY_RECORD set it writes the file and fails.
///
/// Rows that are the same as the one above are counted, and the looks in two themes are a hash each. Of a dialog only what it
/// covers is compared.
func expectFrames(_ frames: [(title: String, state: DashboardState)], in file: String) throws {
    let text = frames.map { frame in
        let state = frame.state
        let rows = state.dialog == nil ? folded(state.frame) : uncovered(state)
        return "\(frame.title), \(state.size.width)x\(state.size.height), \(state.looks)\n"
            + rows.joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Frames/\(file).txt")
    guard ProcessInfo.processInfo.environment["QUESTFOUNDRY_RECORD"] == nil else {
        try Data(text.utf8).write(to: path)
        Issue.record("recorded \(file).txt; look at it")
        return
    }
    let expected = try String(contentsOf: path, encoding: .utf8)
    guard text != expected else { return }
    let lines = zip(text.split(separator: "\n"), expected.split(separator: "\n"))
    let first = lines.first { $0 != $1 }.map { "first:\n\($0)\nwas:\n\($1)" } ?? "another length"
    Issue.record("\(file).txt differs, \(first)")
}

/// The cells that a dialog covers, and the footer.
private func uncovered(_ state: DashboardState) -> [String] {
    var behind = state
    behind.dialog = nil
    let (with, without) = (state.canvas(theme: Theme()), behind.canvas(theme: Theme()))
    let rows = 0..<max(0, state.size.height - 1)
    let changed = rows.filter { row in (0..<state.size.width).contains { with[$0, row] != without[$0, row] } }
    let columns = (0..<state.size.width).filter { column in changed.contains { with[column, $0] != without[column, $0] }
    }
    guard let left = columns.first, let right = columns.last, let top = changed.first, let bottom = changed.last else {
        return folded(state.frame)
    }
    let lines = (top...bottom).map { row in (left...right).map { with[$0, row].text }.joined() }
    return ["at \(left), \(top)"] + folded(lines) + [state.frame.last ?? ""]
}

/// The same frames at the three sizes at which every pane, zoom and dialog is compared.
func atThreeSizes(
    _ title: String, _ make: (_ width: Int, _ height: Int) -> DashboardState
) -> [(title: String, state: DashboardState)] {
    [(80, 24), (120, 40), (200, 60)].map { (title, make($0.0, $0.1)) }
}

/// Rows of which those that repeat the one above are counted.
private func folded(_ rows: [String]) -> [String] {
    var folded: [String] = []
    var index = rows.startIndex
    while index < rows.endIndex {
        let count = rows[index...].prefix { $0 == rows[index] }.count
        folded.append(rows[index])
        if count > 1 { folded.append("  ... \(count - 1) more of it") }
        index += count
    }
    return folded
}

extension DashboardState {
    /// What the colours and attributes of all cells come to in two themes.
    fileprivate var looks: String {
        ["foundry", "mono"].map { name in
            let canvas = canvas(theme: Theme.builtIn(name) ?? Theme())
            // FNV-1a: the same in every process.
            var hash: UInt32 = 2_166_136_261
            func add(_ byte: UInt8) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
            for row in 0..<size.height {
                for column in 0..<size.width {
                    let style = canvas[column, row].style
                    for color in [style.foreground, style.background] {
                        for byte in color.map({ [1, $0.red, $0.green, $0.blue] }) ?? [0] { add(byte) }
                    }
                    for flag in [style.bold, style.dim, style.underline, style.reverse] { add(flag ? 1 : 0) }
                }
            }
            return "\(name) \(String(hash, radix: 16))"
        }.joined(separator: ", ")
    }
}

/// Proves that a frame is whole: as many lines as rows, none wider than the screen, no control characters.
func expectWhole(_ state: DashboardState, sourceLocation: SourceLocation = #_sourceLocation) {
    let frame = state.frame
    #expect(frame.count == state.size.height, sourceLocation: sourceLocation)
    for line in frame {
        #expect(displayWidth(line) <= state.size.width, "\(state.size): \(line)", sourceLocation: sourceLocation)
        let isClean = line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        #expect(isClean, "\(state.size): \(line.debugDescription)", sourceLocation: sourceLocation)
    }
}
