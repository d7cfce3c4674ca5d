#if Redis
    /// What the server does with a project's state in one step each. `KEYS` are the names of what a step touches.
    enum RedisStateScripts {
        /// Puts a record in the place of the one with a stamp; answers 1, or the record that is there.
        static let write = RedisScript(
            """
            local now = redis.call('HGET', KEYS[1], ARGV[1]) or ''
            if now ~= ARGV[2] then return {0, redis.call('HGET', KEYS[2], ARGV[1])} end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
            redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
            redis.call('HSET', KEYS[3], ARGV[1], ARGV[5])
            if ARGV[6] ~= '' then redis.call('RPUSH', KEYS[4], ARGV[6]) end
            return {1}
            """)

        /// Removes the record with a stamp; answers 1, or the record that is there.
        static let remove = RedisScript(
            """
            local now = redis.call('HGET', KEYS[1], ARGV[1]) or ''
            if now ~= ARGV[2] or now == '' then return {0, redis.call('HGET', KEYS[2], ARGV[1])} end
            for place = 1, 3 do redis.call('HDEL', KEYS[place], ARGV[1]) end
            if ARGV[3] ~= '' then redis.call('RPUSH', KEYS[4], ARGV[3]) end
            return {1}
            """)

        /// Adds a record where there is none of that name, with a line of history; answers whether it did.
        static let add = RedisScript(
            """
            if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
            redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
            redis.call('RPUSH', KEYS[3], ARGV[4])
            return 1
            """)

        /// Puts what was prepared under the first half of the keys in the place of the second half.
        static let replace = RedisScript(
            """
            local half = #KEYS / 2
            for place = 1, half do
                redis.call('DEL', KEYS[half + place])
                if redis.call('EXISTS', KEYS[place]) == 1 then
                    redis.call('RENAME', KEYS[place], KEYS[half + place])
                    redis.call('PERSIST', KEYS[half + place])
                end
            end
            return 1
            """)
    }
#endif
