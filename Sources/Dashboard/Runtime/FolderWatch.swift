@preconcurrency import Dispatch
import Glibc

/// Tells that files in some folders were written, made, moved or removed.
///
/// Costs nothing while nothing happens. A folder that is not there is not watched, and changes that other machines make
/// on a network file system are not seen.
struct FolderWatch: Sendable {
    /// One element for one change or several; ends when its reader does, or the watch is stopped.
    let changes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// Watches files whose names satisfy a condition. Without inotify there are no changes.
    init(_ folders: Set<String>, isWatched: @escaping @Sendable (_ name: String) -> Bool) {
        (changes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else {
            continuation.finish()
            return
        }
        for folder in folders { _ = inotify_add_watch(descriptor, folder, Self.events) }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor)
        source.setEventHandler { [continuation] in
            if Self.names(from: descriptor).contains(where: isWatched) { continuation.yield() }
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
        continuation.onTermination = { _ in source.cancel() }
    }

    /// Ends the changes.
    func stop() { continuation.finish() }

    /// A file that is being written is told when its writer closes it, so that nobody reads half of it.
    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)

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
