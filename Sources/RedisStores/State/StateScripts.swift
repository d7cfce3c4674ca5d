#if Redis
    /// What changes a project's state on the server, each in one step.
    enum StateScripts {
        static let all = [write, remove, addSnapshot, replace]

        /// KEYS: records, stamps, summaries, history. ARGV: id, the stamp that has to be there or nothing, record, stamp,
        /// summary, a line of history or nothing. Returns the record that is there where it is another one.
        static let write = RedisScript(
            """
            if (redis.call('HGET', KEYS[2], ARGV[1]) or '') ~= ARGV[2] then
              return {0, redis.call('HGET', KEYS[1], ARGV[1])}
            end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
            redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
            redis.call('HSET', KEYS[3], ARGV[1], ARGV[5])
            if ARGV[6] ~= '' then redis.call('RPUSH', KEYS[4], ARGV[6]) end
            return {1}
            """)

        /// The same keys. ARGV: id, the stamp that has to be there, a line of history or nothing.
        static let remove = RedisScript(
            """
            if (redis.call('HGET', KEYS[2], ARGV[1]) or '') ~= ARGV[2] then
              return {0, redis.call('HGET', KEYS[1], ARGV[1])}
            end
            for i = 1, 3 do redis.call('HDEL', KEYS[i], ARGV[1]) end
            if ARGV[3] ~= '' then redis.call('RPUSH', KEYS[4], ARGV[3]) end
            return {1}
            """)

        /// KEYS: snapshots, history. ARGV: id, record, a line of history.
        static let addSnapshot = RedisScript(
            """
            if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
            redis.call('RPUSH', KEYS[2], ARGV[3])
            return 1
            """)

        /// KEYS: pairs of a key that was written beside and the one whose place it takes. What was not written is gone
        /// afterwards.
        static let replace = RedisScript(
            """
            for i = 1, #KEYS, 2 do
              if redis.call('EXISTS', KEYS[i]) == 1 then redis.call('RENAME', KEYS[i], KEYS[i + 1])
              else redis.call('DEL', KEYS[i + 1]) end
            end
            return 1
            """)
    }
#endif
