#if Redis
    import Crypto
    import Foundation

    /// A script that the server runs as one step. It is sent by its name, and once with its text where the server does not
    /// know it, as after a restart.
    struct RedisScript: Sendable {
        private let text: String
        private let name: String

        init(_ text: String) {
            self.text = text
            name = Insecure.SHA1.hash(data: Data(text.utf8)).map { String(UInt16($0) | 256, radix: 16).dropFirst() }
                .joined()
        }

        /// Has the server keep it, so that its name alone is enough.
        var load: RedisCommand { RedisCommand("SCRIPT", "LOAD", RedisWord(text)) }

        func named(_ keys: [String], _ arguments: [RedisWord]) -> RedisCommand {
            command("EVALSHA", name, keys, arguments)
        }

        private func whole(_ keys: [String], _ arguments: [RedisWord]) -> RedisCommand {
            command("EVAL", text, keys, arguments)
        }

        private func command(
            _ verb: RedisWord, _ script: String, _ keys: [String], _ arguments: [RedisWord]
        ) -> RedisCommand {
            RedisCommand([verb, RedisWord(script), RedisWord(keys.count)] + keys.map { RedisWord($0) } + arguments)
        }

        /// Runs it and blocks the thread.
        func runNow(
            _ connection: RedisConnection, _ keys: [String], _ arguments: [RedisWord]
        ) throws(RedisError) -> RedisReply {
            var reply = try connection.askNow([named(keys, arguments)]).first ?? .null
            if reply == .error("NOSCRIPT") { reply = try connection.askNow([whole(keys, arguments)]).first ?? .null }
            return try Self.checked(reply, connection)
        }

        func run(
            _ connection: RedisConnection, _ keys: [String], _ arguments: [RedisWord]
        ) async throws(RedisError) -> RedisReply {
            var reply = try await connection.ask([named(keys, arguments)]).first ?? .null
            if reply == .error("NOSCRIPT") { reply = try await connection.ask([whole(keys, arguments)]).first ?? .null }
            return try Self.checked(reply, connection)
        }

        /// Has it run without waiting for that; `end` is told how it went.
        func tell(
            _ connection: RedisConnection, _ keys: [String], _ arguments: [RedisWord],
            end: @escaping @Sendable (Result<RedisReply, RedisError>) -> Void = { _ in }
        ) {
            connection.tell([named(keys, arguments)]) { [self] answer in
                guard case .success([.error("NOSCRIPT")]) = answer else {
                    return end(Self.result(answer, connection.place))
                }
                connection.tell([whole(keys, arguments)]) { end(Self.result($0, connection.place)) }
            }
        }

        private static func checked(_ reply: RedisReply, _ connection: RedisConnection) throws(RedisError) -> RedisReply
        {
            if case .error(let word) = reply { throw RedisError(word: word, place: connection.place) }
            return reply
        }

        private static func result(_ answer: RedisConnection.Answer, _ place: String) -> Result<RedisReply, RedisError>
        {
            answer.flatMap { replies in
                let reply = replies.first ?? .null
                if case .error(let word) = reply { return .failure(RedisError(word: word, place: place)) }
                return .success(reply)
            }
        }
    }
#endif
