#if Redis
    import Core
    import Foundation
    import Workspace

    /// State on a Redis server, for machines that work on one project.
    ///
    /// Records are JSON in hashes by their ids; a list reads the hash of their summaries. What the server acknowledged is
    /// as durable as its own settings make it: it should run with `appendonly yes`.
    final class RedisStateStore: StateStore {
        let redis: RedisConnection
        let keys: RedisKeys
        private let time: any TimeSource
        private let workspaceInfo: ProjectInfo

        /// `project` is what the store says of a project of which the server knows nothing yet.
        init(_ redis: RedisConnection, keys: RedisKeys, project: ProjectInfo, time: any TimeSource) {
            (self.redis, self.keys, self.workspaceInfo, self.time) = (redis, keys, project, time)
        }

        func project() throws(WorkspaceError) -> ProjectInfo {
            guard let record = try record(ask("GET", keys.key("state:project"))) else {
                return workspaceInfo
            }
            guard case .project(let project) = record else { throw damaged("the project") }
            return project
        }

        func save(_ project: ProjectInfo) throws(WorkspaceError) {
            _ = try ask("SET", keys.key("state:project"), StateRecord.project(project).text)
        }

        func artifact(_ id: String, _ temperature: Temperature) throws(WorkspaceError) -> Artifact? {
            guard Artifact.isSafe(id) else { return nil }
            return try artifact(in: ask("HGET", keys.artifacts(temperature), id))
        }

        private func artifact(in reply: RedisReply) throws(WorkspaceError) -> Artifact? {
            guard let record = try record(reply) else { return nil }
            guard case .artifact(let artifact, _) = record else { throw damaged("an artifact") }
            return artifact
        }

        func artifacts(_ query: ArtifactQuery) throws(WorkspaceError) -> ArtifactPage {
            var summaries: [ArtifactSummary] = []
            var problems: [WorkspaceError] = []
            for temperature in Temperature.allCases where query.temperature ?? temperature == temperature {
                try scan(keys.summaries(temperature)) { id, bytes in
                    let stored = try? JSONValue(parsing: bytes)
                    if let summary = stored.flatMap({ ArtifactSummary(stored: $0, temperature) }), summary.id == id {
                        summaries.append(summary)
                    } else {
                        problems.append(damaged("the summary of \(id.prefix(80).visible())"))
                    }
                }
            }
            return query.page(of: summaries, problems: problems)
        }

        func make(_ changes: [StateChange]) throws(WorkspaceError) {
            try checkNames(changes)
            let answer = try run(
                RedisStateScripts.change, keys.all(.cold) + keys.all(.hot), changes.flatMap(words))
            guard let refused = answer.list?.first?.number else { throw damaged("an answer") }
            guard refused > 0 else { return }
            guard refused <= changes.count else { throw damaged("an answer") }
            let change = changes[Int(refused) - 1]
            throw conflict(
                change.id, now: try artifact(in: answer.list?.last ?? .null), writing: change.artifact)
        }

        /// What the server is told of a change: empty texts where there is nothing to say.
        private func words(of change: StateChange) -> [String] {
            let artifact = change.artifact
            return [
                change.temperature.rawValue, change.id, change.stamp?.description ?? "",
                artifact?.stamp.description ?? "",
                artifact.map { StateRecord.artifact($0, change.temperature).text } ?? "",
                artifact?.summaryText(change.temperature) ?? "",
                change.historyEntry(at: time.now()).map { StateRecord.history($0).text } ?? "",
            ]
        }

        func unit(_ id: String) throws(WorkspaceError) -> ThematicUnit? {
            guard let record = try record(ask("HGET", keys.key("state:units"), id)) else { return nil }
            guard case .unit(let unit) = record else { throw damaged("a thematic unit") }
            return unit
        }

        func units() throws(WorkspaceError) -> [ThematicUnit] {
            try all("state:units").compactMap { if case .unit(let unit) = $0 { unit } else { nil } }.newestFirst
        }

        func save(_ unit: ThematicUnit) throws(WorkspaceError) {
            try unit.checkName()
            _ = try ask("HSET", keys.key("state:units"), unit.id, StateRecord.unit(unit).text)
        }

        func snapshots() throws(WorkspaceError) -> [Snapshot] {
            try all("state:snapshots").compactMap { if case .snapshot(let snapshot, _) = $0 { snapshot } else { nil } }
                .newestFirst
        }

        func contents(ofSnapshot id: String) throws(WorkspaceError) -> [Artifact] {
            guard let record = try record(ask("HGET", keys.key("state:contents"), id)) else { return [] }
            guard case .snapshot(_, let held) = record else { throw damaged("a snapshot") }
            return held
        }

        func add(_ snapshot: Snapshot, holding artifacts: [Artifact]) throws(WorkspaceError) {
            try snapshot.checkName()
            let held = artifacts.sorted { $0.id < $1.id }
            let answer = try run(
                RedisStateScripts.add,
                [keys.key("state:snapshots"), keys.key("state:contents"), keys.key("state:history")],
                [
                    snapshot.id, StateRecord.snapshot(snapshot, holding: []).text,
                    StateRecord.snapshot(snapshot, holding: held).text,
                    StateRecord.history(.of(snapshot, at: time.now())).text,
                ])
            guard answer.number == 1 else { throw snapshot.exists }
        }

        func history() throws(WorkspaceError) -> [HistoryEntry] {
            var entries: [HistoryEntry] = []
            while true {
                let page = try ask("LRANGE", keys.key("state:history"), "\(entries.count)", "\(entries.count + 499)")
                let lines = page.list ?? []
                for line in lines {
                    guard case .history(let entry) = try record(line) else { throw damaged("a line of history") }
                    entries.append(entry)
                }
                if lines.count < 500 { return entries }
            }
        }

        func add(_ entry: HistoryEntry) throws(WorkspaceError) {
            _ = try ask("RPUSH", keys.key("state:history"), StateRecord.history(entry).text)
        }

        func place(of artifact: Artifact, _ temperature: Temperature) -> String {
            "redis \(redis.place), \(temperature.rawValue) \(artifact.id)"
        }
    }
#endif
