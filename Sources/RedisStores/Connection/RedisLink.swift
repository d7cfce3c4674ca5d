#if Redis
    import CHiredis
    import Configuration
    import Foundation

    /// One socket to the server, from its handshake to its end. It belongs to the thread that made it.
    final class RedisLink {
        /// The most bytes that one reply may have.
        private static let mostUnread = 256 << 20

        /// What the server shall know, so that what is asked one after the other is also done so. Where a user may not
        /// have it keep them, they are sent when they are needed.
        private static let scripts = CacheScripts.all + LimitScripts.all

        private let context: UnsafeMutablePointer<redisContext>
        private let place: String

        var descriptor: Int32 { context.pointee.fd }
        /// Whether bytes wait to be written.
        private(set) var hasOutput = false

        /// Connects, signs in and selects the database; each step within the time.
        init(_ settings: RedisSettings, place: String, milliseconds: Int32) throws(RedisError) {
            guard let context = ch_connect(settings.host, Int32(settings.port), milliseconds) else {
                throw RedisError(code: .away, place: place, cause: "out of memory")
            }
            self.context = context
            self.place = place
            guard context.pointee.err == 0 else { throw Self.fault(of: context, place) }
            ch_bound_arrays(context)
            try signIn(settings)
            guard ch_stop_blocking(context) == 0 else {
                throw RedisError(code: .away, place: place, cause: String(cString: strerror(errno)))
            }
        }

        deinit { redisFree(context) }

        private func signIn(_ settings: RedisSettings) throws(RedisError) {
            var commands: [RedisCommand] = []
            if let password = settings.password {
                let user = settings.username.map { [RedisWord($0)] } ?? []
                commands.append(RedisCommand(["AUTH"] + user + [RedisWord(password.reveal())]))
            }
            commands.append(RedisCommand("SELECT", RedisWord(settings.db)))
            let mayFail = commands.count..<commands.count + Self.scripts.count
            commands += Self.scripts.map(\.load) + [RedisCommand("PING")]
            for command in commands { add(command.bytes) }
            var last = RedisReply.null
            for index in commands.indices {
                var reply: UnsafeMutableRawPointer?
                guard redisGetReply(context, &reply) == REDIS_OK, let reply else {
                    throw Self.fault(of: context, place)
                }
                defer { freeReplyObject(reply) }
                last = try value(of: reply)
                if case .error(let word) = last, !mayFail.contains(index) { throw RedisError(word: word, place: place) }
            }
            guard last.text == "PONG" else {
                throw RedisError(code: .misunderstood, place: place, cause: "an answer to PING")
            }
        }

        /// Adds bytes to those that wait to be written.
        func add(_ bytes: [UInt8]) {
            bytes.withUnsafeBytes { bytes in
                let start = bytes.bindMemory(to: CChar.self).baseAddress
                _ = redisAppendFormattedCommand(context, start, bytes.count)
            }
            hasOutput = true
        }

        /// Writes what fits into the socket now.
        func write() throws(RedisError) {
            var isDone: Int32 = 0
            guard redisBufferWrite(context, &isDone) == REDIS_OK else { throw Self.fault(of: context, place) }
            hasOutput = isDone == 0
        }

        /// Reads what has come, and returns the whole replies of it.
        func read() throws(RedisError) -> [RedisReply] {
            guard redisBufferRead(context) == REDIS_OK else { throw Self.fault(of: context, place) }
            var replies: [RedisReply] = []
            while true {
                var reply: UnsafeMutableRawPointer?
                guard redisGetReplyFromReader(context, &reply) == REDIS_OK else { throw Self.fault(of: context, place) }
                guard let reply else { break }
                defer { freeReplyObject(reply) }
                replies.append(try value(of: reply))
            }
            guard ch_unread(context) <= Self.mostUnread else {
                throw RedisError(code: .misunderstood, place: place, cause: "a reply of more than 256 MiB")
            }
            return replies
        }

        private func value(of reply: UnsafeMutableRawPointer) throws(RedisError) -> RedisReply {
            let reply = reply.assumingMemoryBound(to: redisReply.self).pointee
            switch reply.type {
            case REDIS_REPLY_NIL: return .null
            case REDIS_REPLY_INTEGER: return .whole(reply.integer)
            case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: return .bytes(Data(bytes: reply.str, count: reply.len))
            case REDIS_REPLY_ERROR: return .error(Self.firstWord(Data(bytes: reply.str, count: reply.len)))
            case REDIS_REPLY_ARRAY:
                var list: [RedisReply] = []
                for index in 0..<reply.elements {
                    guard let element = reply.element[index] else { continue }
                    list.append(try value(of: UnsafeMutableRawPointer(element)))
                }
                return .list(list)
            default: throw RedisError(code: .misunderstood, place: place, cause: "a reply of an unknown type")
            }
        }

        private static func firstWord(_ data: Data) -> String {
            let word = data.prefix { $0 != UInt8(ascii: " ") }.prefix(32)
            return String(decoding: word.filter { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }, as: UTF8.self)
        }

        private static func fault(of context: UnsafeMutablePointer<redisContext>, _ place: String) -> RedisError {
            let isProtocol = context.pointee.err == REDIS_ERR_PROTOCOL || context.pointee.err == REDIS_ERR_OOM
            let cause =
                switch context.pointee.err {
                case REDIS_ERR_EOF: "it closed the connection"
                case REDIS_ERR_IO where errno == EAGAIN: "no answer in time"
                default: String(cString: ch_error(context))
                }
            return RedisError(code: isProtocol ? .misunderstood : .away, place: place, cause: cause)
        }
    }
#endif
