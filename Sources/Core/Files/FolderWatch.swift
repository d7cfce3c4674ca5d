package import Dispatch
import Foundation

/// Tells when something in a folder changes, by inotify: nobody has to look again and again.
package enum FolderWatch {
    /// One element at once, one after each change, changes that come together being one, and one after each `beat`
    /// without a change; until the stream is dropped. A folder that cannot be watched only has the beat.
    package static func changes(of folder: String, beat: DispatchTimeInterval) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let timer = DispatchSource.makeTimerSource(queue: .global())
            timer.schedule(deadline: .now(), repeating: beat, leeway: .milliseconds(100))
            timer.setEventHandler { continuation.yield() }
            let sources = Sources(timer: timer, watch: watch(folder) { continuation.yield() })
            timer.activate()
            continuation.onTermination = { _ in sources.cancel() }
        }
    }

    /// Dispatch's sources may be cancelled from any thread.
    private struct Sources: @unchecked Sendable {
        let timer: any DispatchSourceTimer
        let watch: (any DispatchSourceRead)?

        func cancel() {
            timer.cancel()
            watch?.cancel()
        }
    }

    private static func watch(
        _ folder: String, _ note: @escaping @Sendable () -> Void
    ) -> (any DispatchSourceRead)? {
        // inotify's own flags have these values.
        let descriptor = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        let events = UInt32(IN_MODIFY) | UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_MOVED_TO)
        guard inotify_add_watch(descriptor, folder, events) >= 0 else {
            close(descriptor)
            return nil
        }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
        source.setEventHandler {
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while read(descriptor, &buffer, buffer.count) > 0 {}
            note()
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
        return source
    }
}
