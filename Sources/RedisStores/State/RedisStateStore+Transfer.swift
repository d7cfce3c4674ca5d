#if Redis
    import Core
    import Foundation
    import Workspace

    extension RedisStateStore {
        /// Everything is put beside what is there, and takes its place in one step at the end.
        func replaceAll(with source: StateSource) throws(WorkspaceError) {
            let names = Self.names(withHistory: try Self.tellsHistory(source))
            let draft = "draft:\(UInt64.random(in: .min ... .max)):"
            var commands: [RedisCommand] = []
            try source.forEach { record throws(WorkspaceError) in
                commands += self.commands(for: record, under: draft)
                if commands.count >= 256 { try self.send(&commands) }
            }
            // A draft that is not finished goes by itself.
            commands += names.map { RedisCommand("EXPIRE", RedisWord(keys.key(draft + $0)), "3600") }
            try send(&commands)
            _ = try run(RedisStateScripts.replace, names.map { keys.key(draft + $0) } + names.map { keys.key($0) }, [])
        }

        private func send(_ commands: inout [RedisCommand]) throws(WorkspaceError) {
            do throws(RedisError) {
                for reply in try redis.askNow(commands) { _ = try redis.checked(reply) }
            } catch { throw WorkspaceError(error) }
            commands = []
        }

        private static func names(withHistory: Bool) -> [String] {
            let artifacts = Temperature.allCases.flatMap { temperature in
                ["artifacts", "stamps", "summaries"].map { "state:\(temperature.rawValue):\($0)" }
            }
            return artifacts + ["state:units", "state:snapshots", "state:contents"]
                + (withHistory ? ["state:history"] : [])
        }

        private static func tellsHistory(_ source: StateSource) throws(WorkspaceError) -> Bool {
            var does = false
            try source.forEach { record throws(WorkspaceError) in if case .history = record { does = true } }
            return does
        }

        private func commands(for record: StateRecord, under draft: String) -> [RedisCommand] {
            func hash(_ name: String, _ id: String, _ text: String) -> RedisCommand {
                RedisCommand("HSET", RedisWord(keys.key(draft + name)), RedisWord(id), RedisWord(text))
            }
            switch record {
            case .project: return [RedisCommand("SET", RedisWord(keys.key("state:project")), RedisWord(record.text))]
            case .artifact(let artifact, let temperature):
                let place = "state:\(temperature.rawValue)"
                return [
                    hash("\(place):artifacts", artifact.id, record.text),
                    hash("\(place):stamps", artifact.id, artifact.stamp.description),
                    hash("\(place):summaries", artifact.id, artifact.summaryText(temperature)),
                ]
            case .unit(let unit): return [hash("state:units", unit.id, record.text)]
            case .snapshot(let snapshot, let held):
                let whole = StateRecord.snapshot(snapshot, holding: held.sorted { $0.id < $1.id })
                return [
                    hash("state:snapshots", snapshot.id, StateRecord.snapshot(snapshot, holding: []).text),
                    hash("state:contents", snapshot.id, whole.text),
                ]
            case .history:
                return [
                    RedisCommand("RPUSH", RedisWord(keys.key(draft + "state:history")), RedisWord(record.text))
                ]
            }
        }
    }
#endif
