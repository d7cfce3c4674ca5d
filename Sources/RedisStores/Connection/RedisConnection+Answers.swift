#if Redis
    import Foundation

    extension RedisConnection {
        /// The answer to one command, which is no error; blocks the thread.
        func answerNow(_ words: [RedisWord]) throws(RedisError) -> RedisReply {
            try checked(askNow([RedisCommand(words)]).first)
        }

        /// The same, without blocking the thread.
        func answer(_ words: [RedisWord]) async throws(RedisError) -> RedisReply {
            try checked(await ask([RedisCommand(words)]).first)
        }

        /// An answer that is no error.
        func checked(_ reply: RedisReply?) throws(RedisError) -> RedisReply {
            guard let reply else { throw misunderstood("an answer is missing") }
            if case .error(let word) = reply { throw RedisError(word: word, place: place) }
            return reply
        }

        /// The error of an answer that is not what this program asked for.
        func misunderstood(_ what: String) -> RedisError {
            RedisError(code: .misunderstood, place: place, cause: what)
        }

        /// Calls `body` with every field of a hash and its value, once each; blocks the thread.
        func scanNow(_ key: String, _ body: (String, Data) -> Void) throws(RedisError) {
            var cursor = "0"
            var seen: Set<String> = []
            repeat {
                let page = try answerNow(["HSCAN", RedisWord(key), RedisWord(cursor), "COUNT", "500"]).list ?? []
                guard page.count == 2, let next = page[0].text, let items = page[1].list, items.count % 2 == 0 else {
                    throw misunderstood("a page of a scan")
                }
                for place in stride(from: 0, to: items.count, by: 2) {
                    guard let field = items[place].text, let value = items[place + 1].data else { continue }
                    if seen.insert(field).inserted { body(field, value) }
                }
                cursor = next
            } while cursor != "0"
        }
    }
#endif
