package import Dispatch
import Glibc

/// Tells that files in some folders changed, by inotify: nobody has to look again and again.
///
/// Costs nothing while nothing happens. A folder that is not there is not watched, and changes that other machines make
/// on a network file system are not seen.
package struct FolderWatch: Sendable {
    /// What of a file is told.
    package enum Change: Sendable {
        /// That it was written and closed, made, moved or removed: nobody reads half of it.
        case finished
        /// Every write into it, too.
        case everyWrite
    }

    /// One element for one change or several; ends when its reader does, or the watch is stopped.
    package let changes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// Watches files whose names satisfy a condition. With a beat there is an element at once, and one after each such
    /// time; without inotify there are no others.
    package init(
        _ folders: Set<String>, telling change: Change = .finished, beat: DispatchTimeInterval? = nil,
        isWatched: @escaping @Sendable (_ name: String) -> Bool = { _ in true }
    ) {
        (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let watch = Self.watch(folders, change.events) { [continuation] names in
            if names.contains(where: isWatched) { continuation.yield() }
        }
        let timer = beat.map { Self.timer($0) { [continuation] in continuation.yield() } }
        let sources = Sources(watch: watch, timer: timer)
        if watch == nil, beat == nil { continuation.finish() }
        continuation.onTermination = { _ in sources.cancel() }
    }

    /// Ends the changes.
    package func stop() { continuation.finish() }

    /// Dispatch's sources may be cancelled from any thread.
    private struct Sources: @unchecked Sendable {
        let watch: (any DispatchSourceRead)?
        let timer: (any DispatchSourceTimer)?

        func cancel() {
            watch?.cancel()
            timer?.cancel()
        }
    }

    private static func timer(
        _ beat: DispatchTimeInterval, _ note: @escaping @Sendable () -> Void
    ) -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now(), repeating: beat, leeway: .milliseconds(100))
        timer.setEventHandler(handler: note)
        timer.activate()
        return timer
    }

    private static func watch(
        _ folders: Set<String>, _ events: UInt32, _ note: @escaping @Sendable ([String]) -> Void
    ) -> (any DispatchSourceRead)? {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        for folder in folders { _ = inotify_add_watch(descriptor, folder, events) }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        source.setEventHandler { note(names(from: descriptor)) }
        source.setCancelHandler { close(descriptor) }
        source.activate()
        return source
    }

    /// The names that wait in an inotify descriptor.
    private static func names(from descriptor: Int32) -> [String] {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        var names: [String] = []
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            var start = 0
            // A record is four numbers of four bytes, the last of them the length of the name behind it.
            while start + 16 <= count {
                let length = buffer[(start + 12)..<(start + 16)].reversed().reduce(0) { $0 << 8 | Int($1) }
                let end = min(count, start + 16 + length)
                names.append(String(decoding: buffer[(start + 16)..<end].prefix { $0 != 0 }, as: UTF8.self))
                start += 16 + length
            }
        }
        return names
    }
}

extension FolderWatch.Change {
    fileprivate var events: UInt32 {
        let finished = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
        return self == .finished ? finished : finished | UInt32(IN_MODIFY | IN_CREATE)
    }
}
