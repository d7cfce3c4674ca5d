import Synchronization

/// Keeps the lines of a text that no longer changes, so that a frame costs the same however much was written before.
final class LineMemo: Sendable {
    private let kept = Mutex<(width: Int, lines: [Line])?>(nil)

    func lines(width: Int, _ make: () -> [Line]) -> [Line] {
        if let kept = kept.withLock({ $0 }), kept.width == width { return kept.lines }
        let lines = make()
        kept.withLock { $0 = (width, lines) }
        return lines
    }
}
