#if Redis
    import Core
    import Foundation
    import Workspace

    extension RedisStateStore {
        /// The record that an answer holds; nil where there is none.
        func record(_ reply: RedisReply) throws(WorkspaceError) -> StateRecord? {
            if reply == .null { return nil }
            guard let bytes = reply.data, let json = try? JSONValue(parsing: bytes),
                let record = try? StateRecord(json)
            else { throw damaged("a record") }
            return record
        }

        func ask(_ parts: String...) throws(WorkspaceError) -> RedisReply {
            do throws(RedisError) { return try redis.answerNow(parts.map { RedisWord($0) }) } catch {
                throw WorkspaceError(error)
            }
        }

        func run(_ script: RedisScript, _ keys: [String], _ texts: [String]) throws(WorkspaceError) -> RedisReply {
            do throws(RedisError) {
                return try script.runNow(redis, keys, texts.map { RedisWord($0) })
            } catch { throw WorkspaceError(error) }
        }

        /// Every record of a hash.
        func all(_ name: String) throws(WorkspaceError) -> [StateRecord] {
            var found: [RedisReply] = []
            try scan(keys.key(name)) { _, bytes in found.append(.bytes(bytes)) }
            var records: [StateRecord] = []
            for reply in found { if let record = try record(reply) { records.append(record) } }
            return records
        }

        func scan(_ key: String, _ body: (String, Data) -> Void) throws(WorkspaceError) {
            do throws(RedisError) { try redis.scanNow(key, body) } catch { throw WorkspaceError(error) }
        }

        func damaged(_ what: String) -> WorkspaceError { WorkspaceError(redis.misunderstood(what)) }
    }

    extension RedisKeys {
        func artifacts(_ temperature: Temperature) -> String { key("state:\(temperature.rawValue):artifacts") }
        func stamps(_ temperature: Temperature) -> String { key("state:\(temperature.rawValue):stamps") }
        func summaries(_ temperature: Temperature) -> String { key("state:\(temperature.rawValue):summaries") }

        /// What a script that changes an artifact touches.
        func all(_ temperature: Temperature) -> [String] {
            [stamps(temperature), artifacts(temperature), summaries(temperature), key("state:history")]
        }
    }

    extension StateRecord {
        var text: String { json.text() }
    }

    extension Artifact {
        func summaryText(_ temperature: Temperature) -> String { ArtifactSummary(self, temperature).stored.text() }
    }

    extension WorkspaceError {
        init(_ error: RedisError) {
            self.init(error.code == .misunderstood ? .damaged : .unavailable, error.place, error.description)
        }
    }
#endif
