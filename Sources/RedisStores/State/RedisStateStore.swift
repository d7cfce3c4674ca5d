#if Redis
    import Core
    import Foundation
    import Workspace

    /// A project's state on a server that machines share.
    ///
    /// Each record is a line as in an export, in a hash by its id; beside it stand its stamp, which a writer has to know,
    /// and what lists show. Calls block for a round trip; while the server is away they throw `unavailable`.
    struct RedisStateStore: StateStore {
        /// How many records go into one round trip when everything is replaced.
        private static let batch = 200

        let connection: RedisConnection
        let keys: RedisKeys
        /// What is said of the project as long as the server knows nothing of it.
        let initial: ProjectInfo
        let time: any TimeSource

        private func key(_ name: String) -> String { keys.key("state:\(name)") }

        private func artifactKeys(_ temperature: Temperature, _ prefix: String = "") -> [String] {
            ["", ":stamps", ":summaries"].map { key("\(prefix)\(temperature.rawValue)\($0)") } + [
                key("\(prefix)history")
            ]
        }

        // MARK: - The project

        func project() throws(WorkspaceError) -> ProjectInfo {
            guard case .project(let project)? = try record(ask(RedisCommand("GET", RedisWord(key("project"))))) else {
                return initial
            }
            return project
        }

        func save(_ project: ProjectInfo) throws(WorkspaceError) {
            _ = try ask(RedisCommand("SET", RedisWord(key("project")), word(.project(project))))
        }

        // MARK: - Artifacts

        func artifact(_ id: String, _ temperature: Temperature) throws(WorkspaceError) -> Artifact? {
            guard Artifact.isSafe(id) else { return nil }
            return try artifact(ask(get(key(temperature.rawValue), id)))
        }

        func artifacts(_ query: ArtifactQuery) throws(WorkspaceError) -> ArtifactPage {
            var all: [ArtifactSummary] = []
            for temperature in Temperature.allCases where query.temperature ?? temperature == temperature {
                for value in try values(of: key("\(temperature.rawValue):summaries")) {
                    guard let json = try? JSONValue(parsing: Array(value)),
                        let summary = ArtifactSummary(stored: json, temperature)
                    else { throw damaged("a summary") }
                    all.append(summary)
                }
            }
            return query.page(of: all)
        }

        func write(_ artifact: Artifact, _ temperature: Temperature, over stamp: Stamp?) throws(WorkspaceError) {
            guard Artifact.isSafe(artifact.id) else { throw Artifact.badName(artifact.id) }
            let history: HistoryEntry? =
                temperature == .cold ? .of(artifact, isNew: stamp == nil, at: time.now()) : nil
            let reply = try run(
                StateScripts.write, artifactKeys(temperature),
                [RedisWord(artifact.id), RedisWord(stamp?.description ?? "")] + words(of: artifact, temperature)
                    + [history.map { word(.history($0)) } ?? ""])
            try check(reply, artifact.id, writing: artifact)
        }

        func remove(_ id: String, _ temperature: Temperature, stamp: Stamp) throws(WorkspaceError) {
            let history: HistoryEntry? = temperature == .cold ? .ofRemoval(id, at: time.now()) : nil
            let reply = try run(
                StateScripts.remove, artifactKeys(temperature),
                [RedisWord(id), RedisWord(stamp.description), history.map { word(.history($0)) } ?? ""])
            try check(reply, id, writing: nil)
        }

        /// Throws when a script found another artifact than it was told of.
        private func check(_ reply: RedisReply, _ id: String, writing: Artifact?) throws(WorkspaceError) {
            guard let list = reply.list, let isDone = list.first?.number else { throw damaged("an answer") }
            guard isDone == 0 else { return }
            throw conflict(id, now: try artifact(list.count > 1 ? list[1] : .null), writing: writing)
        }

        private func words(of artifact: Artifact, _ temperature: Temperature) -> [RedisWord] {
            [
                word(.artifact(artifact, temperature)), RedisWord(artifact.stamp.description),
                RedisWord(ArtifactSummary(artifact, temperature).stored.text()),
            ]
        }

        // MARK: - Units, snapshots, history

        func unit(_ id: String) throws(WorkspaceError) -> ThematicUnit? {
            guard case .unit(let unit)? = try record(ask(get(key("units"), id))) else { return nil }
            return unit
        }

        func units() throws(WorkspaceError) -> [ThematicUnit] {
            var units: [ThematicUnit] = []
            for value in try values(of: key("units")) {
                if case .unit(let unit)? = try record(.bytes(value)) { units.append(unit) }
            }
            return units.newestFirst
        }

        func save(_ unit: ThematicUnit) throws(WorkspaceError) {
            try unit.checkName()
            _ = try ask(RedisCommand("HSET", RedisWord(key("units")), RedisWord(unit.id), word(.unit(unit))))
        }

        func snapshots() throws(WorkspaceError) -> [Snapshot] {
            var snapshots: [Snapshot] = []
            for value in try values(of: key("snapshots")) {
                if case .snapshot(let snapshot, _)? = try record(.bytes(value)) { snapshots.append(snapshot) }
            }
            return snapshots.newestFirst
        }

        func contents(ofSnapshot id: String) throws(WorkspaceError) -> [Artifact] {
            guard case .snapshot(_, let held)? = try record(ask(get(key("snapshots"), id))) else { return [] }
            return held.sorted { $0.id < $1.id }
        }

        func add(_ snapshot: Snapshot, holding artifacts: [Artifact]) throws(WorkspaceError) {
            try snapshot.checkName()
            let reply = try run(
                StateScripts.addSnapshot, [key("snapshots"), key("history")],
                [
                    RedisWord(snapshot.id), word(.snapshot(snapshot, holding: artifacts)),
                    word(.history(.of(snapshot, at: time.now()))),
                ])
            guard reply.number == 1 else { throw snapshot.exists }
        }

        func history() throws(WorkspaceError) -> [HistoryEntry] {
            let reply = try ask(RedisCommand("LRANGE", RedisWord(key("history")), "0", "-1"))
            var entries: [HistoryEntry] = []
            for line in reply.list ?? [] {
                if case .history(let entry)? = try record(line) { entries.append(entry) }
            }
            return entries
        }

        func add(_ entry: HistoryEntry) throws(WorkspaceError) {
            _ = try ask(RedisCommand("RPUSH", RedisWord(key("history")), word(.history(entry))))
        }

        // MARK: - Everything

        /// Writes it beside, and puts it in place in one step: readers see the old state or the new one.
        func replaceAll(with source: StateSource) throws(WorkspaceError) {
            let draft = "new-\(ULID(at: time.now())):"
            var commands: [RedisCommand] = []
            var hasHistory = false
            try source.forEach { record throws(WorkspaceError) in
                if case .history = record { hasHistory = true }
                commands += adding(record, to: draft)
                guard commands.count >= Self.batch else { return }
                _ = try ask(commands)
                commands = []
            }
            if !commands.isEmpty { _ = try ask(commands) }
            var names = ["project", "units", "snapshots"] + (hasHistory ? ["history"] : [])
            for temperature in Temperature.allCases {
                names += ["", ":stamps", ":summaries"].map { temperature.rawValue + $0 }
            }
            _ = try run(StateScripts.replace, names.flatMap { [key(draft + $0), key($0)] }, [])
        }

        private func adding(_ record: StateRecord, to draft: String) -> [RedisCommand] {
            func set(_ name: String, _ id: String, _ word: RedisWord) -> RedisCommand {
                RedisCommand("HSET", RedisWord(key(draft + name)), RedisWord(id), word)
            }
            switch record {
            case .project: return [RedisCommand("SET", RedisWord(key(draft + "project")), word(record))]
            case .artifact(let artifact, let temperature):
                let names = ["", ":stamps", ":summaries"].map { temperature.rawValue + $0 }
                return zip(names, words(of: artifact, temperature)).map { set($0, artifact.id, $1) }
            case .unit(let unit): return [set("units", unit.id, word(record))]
            case .snapshot(let snapshot, _): return [set("snapshots", snapshot.id, word(record))]
            case .history: return [RedisCommand("RPUSH", RedisWord(key(draft + "history")), word(record))]
            }
        }

        func place(of artifact: Artifact, _ temperature: Temperature) -> String {
            "redis, \(temperature.rawValue) \(artifact.id)"
        }

        // MARK: - Asking

        private func word(_ record: StateRecord) -> RedisWord { RedisWord(record.json.text()) }

        private func get(_ key: String, _ id: String) -> RedisCommand {
            RedisCommand("HGET", RedisWord(key), RedisWord(id))
        }

        private func values(of key: String) throws(WorkspaceError) -> [Data] {
            try ask(RedisCommand("HVALS", RedisWord(key))).list?.compactMap(\.data) ?? []
        }

        private func artifact(_ reply: RedisReply) throws(WorkspaceError) -> Artifact? {
            guard case .artifact(let artifact, _)? = try record(reply) else { return nil }
            return artifact
        }

        /// What the server holds is untrusted: a record is read as one from anywhere else.
        private func record(_ reply: RedisReply) throws(WorkspaceError) -> StateRecord? {
            guard let data = reply.data else { return nil }
            guard let json = try? JSONValue(parsing: Array(data)) else { throw damaged("a record") }
            do { return try StateRecord(json) } catch { throw damaged("a record: \(error.reason)") }
        }

        private func ask(_ command: RedisCommand) throws(WorkspaceError) -> RedisReply {
            try ask([command]).first ?? .null
        }

        private func ask(_ commands: [RedisCommand]) throws(WorkspaceError) -> [RedisReply] {
            do throws(RedisError) {
                let replies = try connection.askNow(commands)
                for case .error(let word) in replies { throw RedisError(word: word, place: connection.place) }
                return replies
            } catch {
                throw described(error)
            }
        }

        private func run(
            _ script: RedisScript, _ keys: [String], _ arguments: [RedisWord]
        ) throws(WorkspaceError) -> RedisReply {
            do throws(RedisError) { return try script.runNow(connection, keys, arguments) } catch {
                throw described(error)
            }
        }

        private func described(_ error: RedisError) -> WorkspaceError {
            WorkspaceError(.unavailable, error.place, error.description)
        }

        private func damaged(_ what: String) -> WorkspaceError {
            WorkspaceError(
                .damaged, connection.place,
                "\(what) of the project in Redis at \(connection.place.visible()) cannot be read; "
                    + "`questfoundry state import --replace` brings an export back")
        }
    }
#endif
