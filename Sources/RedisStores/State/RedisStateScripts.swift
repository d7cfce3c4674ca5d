#if Redis
    /// What the server does with a project's state in one step each. `KEYS` are the names of what a step touches.
    enum RedisStateScripts {
        /// Makes changes of records, seven arguments each: `cold` or `hot`, the id, the stamp of the record that has to be
        /// there, then the new stamp, the record and its summary, which are empty for a removal, and a line of history.
        /// Answers 0, or the number of the change that does not fit and the record that is there; nothing is changed then.
        static let change = RedisScript(
            """
            local function first(temperature) return temperature == 'cold' and 1 or 5 end
            for at = 1, #ARGV, 7 do
                local key = first(ARGV[at])
                local now = redis.call('HGET', KEYS[key], ARGV[at + 1]) or ''
                if now ~= ARGV[at + 2] then
                    return {(at + 6) / 7, redis.call('HGET', KEYS[key + 1], ARGV[at + 1])}
                end
            end
            for at = 1, #ARGV, 7 do
                local key = first(ARGV[at])
                for place = 0, 2 do
                    if ARGV[at + 3] == '' then
                        redis.call('HDEL', KEYS[key + place], ARGV[at + 1])
                    else
                        redis.call('HSET', KEYS[key + place], ARGV[at + 1], ARGV[at + 3 + place])
                    end
                end
                if ARGV[at + 6] ~= '' then redis.call('RPUSH', KEYS[key + 3], ARGV[at + 6]) end
            end
            return {0}
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
