import Foundation

/// Does work while nobody else, in this process or in another, does the like in the folder that holds a file. A folder that
/// cannot be opened is not locked.
///
/// So the files in a folder are made: SQLite cannot wait for another who makes the same tables.
package func withFolderLocked<Value>(ofFile path: String, _ work: () throws -> Value) rethrows -> Value {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    if descriptor >= 0 { flock(descriptor, LOCK_EX) }
    return try work()
}

/// Makes an empty file that is its owner's only, where there is none. One that is there is left alone: to open and close
/// it would end the locks that this process has on it.
package func makePrivateFile(_ path: String) {
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
}
