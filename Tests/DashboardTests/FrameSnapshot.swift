import Foundation
import Terminal
import Testing

@testable import Dashboard

/// Compares frames with a file in Frames/; with QUESTFOUNDRY_RECORD set it writes the file and fails.
func expectFrames(_ frames: [(title: String, state: DashboardState)], in file: String) throws {
    let text = frames.map { frame in
        "\(frame.title), \(frame.state.size.width)x\(frame.state.size.height)\n\(frame.state.screen)\n"
    }.joined(separator: "\n")
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Frames/\(file).txt")
    guard ProcessInfo.processInfo.environment["QUESTFOUNDRY_RECORD"] == nil else {
        try Data(text.utf8).write(to: path)
        Issue.record("recorded \(file).txt; look at it")
        return
    }
    let expected = try String(contentsOf: path, encoding: .utf8)
    #expect(text == expected, "\(file).txt differs:\n\(text)")
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
