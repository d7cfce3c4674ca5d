import Core

extension StateStore {
    /// Copies it into the bin, then removes it.
    public func discard(_ id: String, stamp: Stamp, into bin: Bin) throws(WorkspaceError) {
        let current = try artifact(id, .hot)
        guard let current, current.stamp == stamp else { throw conflict(id, now: current, writing: nil) }
        let entry = try bin.add(current)
        do throws(WorkspaceError) { try remove(id, .hot, stamp: stamp) } catch {
            try? bin.remove(entry)
            throw error
        }
    }

    /// Brings back what was deleted last under an id. Throws `missing` when nothing of it is in the bin, and `exists` when
    /// there is such an artifact again.
    public func bringBack(_ id: String, from bin: Bin) throws(WorkspaceError) -> Artifact {
        guard let (entry, artifact) = try bin.newest(id) else {
            throw WorkspaceError(
                .missing, id,
                "nothing called \(id.prefix(200).visible()) is in the bin, which keeps what was deleted for "
                    + "\(Bin.keptDays) days")
        }
        do throws(WorkspaceError) { try write(artifact, .hot, over: nil) } catch  where error.code == .conflict {
            throw WorkspaceError(
                .exists, id,
                "there is \(id.visible()) again, which stays as it is: delete it first; the one in the bin is kept")
        }
        try bin.remove(entry)
        return artifact
    }
}
