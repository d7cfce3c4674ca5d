import Foundation
import Synchronization

/// A file that any number of processes add lines to, set aside when it is full.
///
/// A line that cannot be written is lost: a log stands in the way of nothing. Links are not followed, so that a
/// workspace from elsewhere cannot have lines written outside it.
final class LogFile: Sendable {
    /// How much is kept. A file is set aside before it gets larger, unless processes write at the very same moment.
    struct Limits: Hashable, Sendable {
        /// The most that one file holds.
        var bytes = 4 << 20
        /// How many files there are, the one that is written to included.
        var files = 5
    }

    private struct State {
        var folder: Int32 = -1
        var file: Int32 = -1
        /// Whether the last line could only be written in part.
        var isTorn = false

        mutating func close() {
            if file >= 0 { Glibc.close(file) }
            if folder >= 0 { Glibc.close(folder) }
            (folder, file) = (-1, -1)
        }
    }

    private let folder: String
    private let name: String
    private let limits: Limits
    private let state = Mutex(State())

    /// Uses a file in a folder; both are made with the first line, the folder's own folder never.
    init(folder: String, name: String, limits: Limits = Limits()) {
        self.folder = folder
        self.name = name
        self.limits = limits
    }

    deinit { state.withLock { $0.close() } }

    /// Adds a line; `text` is without its end.
    func write(_ text: String) {
        state.withLock { state in
            let line = (state.isTorn ? "\n" : "") + text + "\n"
            let count = line.utf8.count
            guard count <= limits.bytes, var size = size(of: &state) else { return }
            if size + count > limits.bytes { size = setAside(&state) ?? size }
            // Where it cannot be set aside, there is an end all the same.
            guard size + count <= 2 * limits.bytes else { return }
            append(line, &state)
        }
    }

    /// The size of the file, which is opened where that has not been done, or another one lies in its place by now.
    private func size(of state: inout State) -> Int? {
        var status = stat()
        if isCurrent(state, &status) { return Int(status.st_size) }
        state.close()
        mkdir(folder, 0o700)
        state.folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard state.folder >= 0 else { return nil }
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        state.file = openat(state.folder, name, flags, 0o600)
        guard state.file >= 0, fstat(state.file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            state.close()
            return nil
        }
        return Int(status.st_size)
    }

    private func isCurrent(_ state: State, _ status: inout stat) -> Bool {
        guard state.file >= 0 else { return false }
        var own = stat()
        return fstat(state.file, &own) == 0 && fstatat(state.folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0
            && own.st_ino == status.st_ino && own.st_dev == status.st_dev
    }

    /// Renames the full file and begins a new one; returns the size of the file in its place, nil when it stays.
    ///
    /// Who holds the lock of the file does it; the others go on writing, and notice at their next line.
    private func setAside(_ state: inout State) -> Int? {
        guard flock(state.file, LOCK_EX | LOCK_NB) == 0 else { return nil }
        defer { if state.file >= 0 { flock(state.file, LOCK_UN) } }
        var status = stat()
        guard isCurrent(state, &status) else { return size(of: &state) }
        for number in stride(from: limits.files - 2, to: 0, by: -1) {
            _ = renameat(state.folder, "\(name).\(number)", state.folder, "\(name).\(number + 1)")
        }
        let isGone =
            limits.files > 1
            ? renameat(state.folder, name, state.folder, "\(name).1") : unlinkat(state.folder, name, 0)
        return isGone == 0 ? size(of: &state) : nil
    }

    private func append(_ line: String, _ state: inout State) {
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(state.file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes = bytes.dropFirst(count)
        }
        state.isTorn = !bytes.isEmpty && (state.isTorn || bytes.count < line.utf8.count)
    }
}
