import CNcurses
import Glibc
import Synchronization

/// Makes ``Screen/nextEvent(timeoutMilliseconds:)`` return ``InputEvent/wake``.
public final class WakeHandle: Sendable {
    private let pipe: EventPipe

    init(pipe: EventPipe) { self.pipe = pipe }

    /// May be called from any thread, any number of times, also after the screen was closed; never waits.
    public func wake() { pipe.write(1) }
}

/// A pipe that somebody can be woken by; both ends never block.
final class EventPipe: Sendable {
    private struct Ends {
        var reading: Int32
        var writing: Int32
        var isOpen = true
    }

    // Protects a late writer from a descriptor that belongs to somebody else by now.
    private let ends: Mutex<Ends>

    init() throws(TerminalError) {
        var descriptors: [Int32] = [-1, -1]
        guard cn_open_pipe(&descriptors) else {
            throw .system(operation: "pipe", code: errno)
        }
        ends = Mutex(Ends(reading: descriptors[0], writing: descriptors[1]))
    }

    deinit { close() }

    var reading: Int32 { ends.withLock { $0.reading } }
    var writing: Int32 { ends.withLock { $0.writing } }

    func write(_ byte: UInt8) {
        ends.withLock { ends in
            guard ends.isOpen else { return }
            // A full pipe already wakes.
            withUnsafeBytes(of: byte) { _ = Glibc.write(ends.writing, $0.baseAddress, 1) }
        }
    }

    /// Takes out what is in the pipe.
    func drain() -> [UInt8] {
        ends.withLock { ends in
            guard ends.isOpen else { return [] }
            var taken: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 512)
            while case let count = read(ends.reading, &buffer, buffer.count), count > 0 {
                taken += buffer.prefix(count)
            }
            return taken
        }
    }

    func close() {
        ends.withLock { ends in
            guard ends.isOpen else { return }
            ends.isOpen = false
            _ = Glibc.close(ends.reading)
            _ = Glibc.close(ends.writing)
        }
    }
}
