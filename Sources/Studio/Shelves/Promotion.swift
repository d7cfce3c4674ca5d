public import Core
import Crypto
public import Workspace

/// The way between hot and cold: from work in progress to what has passed the gate, and back for rework.
public struct Promotion: Sendable {
    /// Why an artifact cannot become cold.
    public struct Obstacle: Hashable, Sendable {
        public var id: String
        public var reason: String
    }

    let store: any StateStore
    let time: any TimeSource

    public init(store: any StateStore, time: any TimeSource) {
        self.store = store
        self.time = time
    }

    /// Freezes artifacts as they are now, each as work in progress where there is some, else as it is cold.
    ///
    /// The snapshot's id follows from what it holds, so the same content is the same snapshot. Throws `missing` for an id
    /// under which nothing is, and `needsMigration` where the workspace's version keeps no contents.
    public func snapshot(
        _ ids: [String], description: String, unit: String = ""
    ) throws(WorkspaceError) -> Snapshot {
        let held = try standings(of: Set(ids).sorted()).map(\.current)
        let snapshot = Snapshot(id: Self.id(of: held), unit: unit, description: description, at: time.now())
        do throws(WorkspaceError) { try store.add(snapshot, holding: held) } catch  where error.code == .exists {
            return try store.snapshots().first { $0.id == snapshot.id } ?? snapshot
        }
        return snapshot
    }

    /// The snapshot that holds these artifacts as they are now; nil when nobody has taken it, or one of them is missing.
    func takenSnapshot(of ids: [String]) throws(WorkspaceError) -> Snapshot? {
        let held: [Artifact]
        do throws(WorkspaceError) { held = try standings(of: Set(ids).sorted()).map(\.current) } catch
            where error.code == .missing
        { return nil }
        let id = Self.id(of: held)
        return try store.snapshots().first { $0.id == id }
    }

    /// An artifact on both shelves.
    private struct Standing {
        var hot: Artifact?
        var cold: Artifact?
        /// As work in progress where there is some, else as it is cold.
        var current: Artifact
    }

    /// Throws `missing` for an id under which nothing is.
    private func standings(of ids: [String]) throws(WorkspaceError) -> [Standing] {
        var standings: [Standing] = []
        for id in ids {
            var hot = try store.artifact(id, .hot)
            let cold = try store.artifact(id, .cold)
            if hot == nil, cold == nil { hot = try store.workInProgress(id) }
            guard let current = hot ?? cold else { continue }
            standings.append(Standing(hot: hot, cold: cold, current: current))
        }
        return standings
    }

    /// What keeps artifacts from becoming cold, in the order of the ids; nothing for those that are cold already.
    public func obstacles(_ ids: [String]) throws(WorkspaceError) -> [Obstacle] {
        var inWork: [Artifact] = []
        for id in Set(ids).sorted() {
            if let hot = try store.artifact(id, .hot) { inWork.append(hot) }
        }
        return try obstacles(to: inWork)
    }

    private func obstacles(to inWork: [Artifact]) throws(WorkspaceError) -> [Obstacle] {
        let gate = try GateCoverage(in: store)
        return inWork.compactMap { hot in gate.obstacle(to: hot).map { Obstacle(id: hot.id, reason: $0) } }
    }

    /// Makes artifacts that a snapshot holds cold: each becomes the next version of the cold one, and is no work in
    /// progress any more. Returns the cold artifacts. Called again after a kill, it does the rest.
    ///
    /// Throws `blocked` when the newest gatecheck that covers one of them does not let it through, and `conflict` when one
    /// is not as the snapshot holds it; nothing is cold then that was not before.
    public func promote(_ ids: [String], into snapshot: Snapshot) throws(WorkspaceError) -> [Artifact] {
        let held = Dictionary(
            try store.contents(ofSnapshot: snapshot.id).map { ($0.id, $0.contentHash) },
            uniquingKeysWith: { first, _ in first })
        let standings = try standings(of: ids.withoutRepetitions)
        for current in standings.map(\.current) where current.contentHash != held[current.id] {
            let id = current.id.visible()
            throw WorkspaceError(
                .conflict, current.id, "\(id) is not as the snapshot \(snapshot.id) holds it: take another snapshot")
        }
        try check(try obstacles(to: standings.compactMap(\.hot)))
        return try finish(standings, into: snapshot)
    }

    /// Makes front matter cold with which a book was bound: binding it has put it through the gate.
    func bind(_ id: String, into snapshot: Snapshot) throws(WorkspaceError) {
        _ = try finish(try standings(of: [id]), into: snapshot)
    }

    private func finish(_ standings: [Standing], into snapshot: Snapshot) throws(WorkspaceError) -> [Artifact] {
        var finished: [Artifact] = []
        var changes: [StateChange] = []
        for standing in standings {
            // One that is cold only was promoted before.
            guard let hot = standing.hot else {
                finished.append(standing.current)
                continue
            }
            let before = standing.cold
            let isSame = before?.contentHash == hot.contentHash && before?.type == hot.type
            let next = isSame && before?.isAccepted == hot.isAccepted ? before : nil
            let cold = next ?? hot.finished(over: before, in: snapshot, at: time.now())
            finished.append(cold)
            if next == nil { changes.append(.write(cold, .cold, over: before?.stamp)) }
            changes.append(.remove(id: hot.id, .hot, stamp: hot.stamp))
        }
        try store.make(changes)
        return finished
    }

    /// Copies cold artifacts back into the work in progress; the cold ones stay. Returns the hot ones.
    ///
    /// Throws `missing` for an id under which nothing is cold, and `exists` when other work is under one: nothing is copied
    /// then.
    public func demote(_ ids: [String]) throws(WorkspaceError) -> [Artifact] {
        var copies: [(artifact: Artifact, isThere: Bool)] = []
        for id in ids.withoutRepetitions {
            guard Artifact.isSafe(id) else { throw Artifact.badName(id) }
            guard let cold = try store.artifact(id, .cold) else {
                throw WorkspaceError(.missing, id, "nothing called \(id.visible()) has passed the gate")
            }
            let hot = try store.artifact(id, .hot)
            guard hot == nil || hot?.contentHash == cold.contentHash else {
                throw WorkspaceError(
                    .exists, id, "there is work in progress on \(id.visible()): delete it first, or go on with it")
            }
            copies.append((hot ?? cold.reopened(at: time.now()), hot != nil))
        }
        try store.make(copies.filter { !$0.isThere }.map { .write($0.artifact, .hot, over: nil) })
        return copies.map(\.artifact)
    }

    /// Throws `blocked` when the gate does not let one of the artifacts through.
    func check(_ ids: [String]) throws(WorkspaceError) { try check(obstacles(ids)) }

    private func check(_ obstacles: [Obstacle]) throws(WorkspaceError) {
        guard !obstacles.isEmpty else { return }
        let listed = obstacles.prefix(5).map { "\($0.id.visible()): \($0.reason.visible())" }
        let more = obstacles.count > 5 ? "; and \(obstacles.count - 5) more" : ""
        throw WorkspaceError(
            .blocked, obstacles[0].id, "nothing was promoted: " + listed.joined(separator: "; ") + more)
    }

    /// `SNAP-` and 40 bits of a hash of ids, types and content.
    private static func id(of held: [Artifact]) -> String {
        let content = held.map { [JSONValue($0.id), JSONValue($0.type), $0.data] as JSONValue }
        let digest = SHA256.hash(data: JSONValue.array(content).bytes())
        return "SNAP-\(digest.prefix(5).hexadecimal.uppercased())"
    }
}

extension [String] {
    fileprivate var withoutRepetitions: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Artifact {
    /// The cold version of work in progress.
    fileprivate func finished(over before: Artifact?, in snapshot: Snapshot, at moment: Moment) -> Artifact {
        let revision = max(revision, (before?.revision ?? 0) + 1)
        return changed { metadata in
            metadata["modified"] = JSONValue(LocalTimestamp.text(of: moment))
            metadata["revision"] = JSONValue(revision)
            metadata["content_hash"] = JSONValue(contentHash)
            metadata["temperature"] = "cold"
            metadata["snapshot_id"] = JSONValue(snapshot.id)
            metadata["immutable"] = true
            metadata["demoted"] = nil
            if let isSafe = isPlayerSafeOncePassed { metadata["player_safe"] = .bool(isSafe) }
        }
    }

    /// A copy of a cold artifact for rework, which has not passed the gate.
    fileprivate func reopened(at moment: Moment) -> Artifact {
        changed { metadata in
            metadata["modified"] = JSONValue(LocalTimestamp.text(of: moment))
            metadata["temperature"] = "hot"
            for key in ["snapshot_id", "immutable", "player_safe"] { metadata[key] = nil }
            metadata["demoted"] = true
        }
    }

    /// Whether players may see it once it has passed the gate; nil where that is said by whoever writes it.
    private var isPlayerSafeOncePassed: Bool? {
        switch type {
        case "scene", "manuscript_section", "front_matter", "codex_entry": true
        case "canon", "canon_pack", "canon_transfer_package", "world_genesis_manifest", "hook_card", "tu_brief",
            "gatecheck_report", "post_mortem_report":
            false
        default: nil
        }
    }
}
