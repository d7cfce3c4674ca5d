import Core

/// Copies whole folders.
enum TreeCopy {
    /// Copies a folder to a place where nothing is: files with their permissions and times, links as they are. A missing
    /// one is no error. Returns the files, by their paths in it.
    static func copy(
        _ source: String, to target: String, progress: @escaping @Sendable () -> Void = {}
    ) async throws(WorkspaceError) -> [(path: String, digest: FileDigest)] {
        let entries = try FolderTree.entries(below: source)
        guard !entries.isEmpty || FolderTree.kind(of: source) == .folder else { return [] }
        try makeFrame(of: entries, from: source, at: target)
        let files = entries.filter { $0.kind == .file }
        let digests = try await inParallel(files) { file throws(WorkspaceError) in
            defer { progress() }
            return try FileCopy.copy("\(source)/\(file.path)", to: "\(target)/\(file.path)")
        }
        return zip(files, digests).map { ($0.path, $1) }
    }

    /// Makes the folders and the links of a copy.
    static func makeFrame(of entries: [FolderTree.Entry], from source: String, at target: String) throws(WorkspaceError)
    {
        try FileCopy.copyFolder(source, to: target)
        for entry in entries {
            let place = "\(target)/\(entry.path)"
            switch entry.kind {
            case .folder: try FileCopy.copyFolder("\(source)/\(entry.path)", to: place)
            case .link: try FileCopy.copyLink("\(source)/\(entry.path)", to: place)
            case .file: break
            case .other:
                let path = "\(source)/\(entry.path)"
                throw WorkspaceError(
                    .badName, path, "\(path.visible()) is neither a file nor a folder and cannot be copied: remove it")
            }
        }
    }
}
