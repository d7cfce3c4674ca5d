#if Redis
    /// What changes the cache on the server. The index alone says what is there and how large it is; records, which have
    /// keys of their own, may have expired before.
    enum CacheScripts {
        static let all = [put, remove, sweep, touch]

        /// KEYS: index, used, names, sizes, departed. ARGV[1] is what all the cache's keys begin with.
        private static let common = """
            local index, used, names, sizes, departed = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
            local base = ARGV[1]
            local function drop(key)
              local line = redis.call('HGET', index, key)
              redis.call('ZREM', used, key)
              redis.call('ZREM', names, key)
              if not line then return 0 end
              local size, length, start = string.match(line, '^(%d+) (%d+) ()')
              redis.call('HDEL', index, key)
              redis.call('DEL', base .. 'r:' .. key)
              if not size then return 0 end
              local provider = string.sub(line, start, start + length - 1)
              redis.call('ZREM', base .. 'used:' .. provider, key)
              redis.call('HINCRBY', sizes, 'p' .. provider, -size)
              redis.call('HINCRBY', sizes, 't', -size)
              return tonumber(size)
            end
            local function slot(key) return tonumber(string.sub(redis.sha1hex(key), 1, 4), 16) % 16384 end
            local function note(key, cause) redis.call('HSET', departed, slot(key), key .. ' ' .. cause) end

            """

        /// ARGV: base, key, line, record, used at, size, provider, cap of all, cap of the provider, milliseconds or 0.
        static let put = RedisScript(
            common + """
                local key, size, provider = ARGV[2], tonumber(ARGV[6]), ARGV[7]
                drop(key)
                if size > tonumber(ARGV[8]) or size > tonumber(ARGV[9]) then return 0 end
                local function room(order, field, cap)
                  local excess = (tonumber(redis.call('HGET', sizes, field)) or 0) + size - cap
                  while excess > 0 do
                    local victim = redis.call('ZRANGE', order, 0, 0)[1]
                    if not victim then return end
                    redis.call('ZREM', order, victim)
                    excess = excess - drop(victim)
                    note(victim, 'evicted')
                  end
                end
                room(base .. 'used:' .. provider, 'p' .. provider, tonumber(ARGV[9]))
                room(used, 't', tonumber(ARGV[8]))
                redis.call('HSET', index, key, ARGV[3])
                redis.call('ZADD', used, ARGV[5], key)
                redis.call('ZADD', base .. 'used:' .. provider, ARGV[5], key)
                redis.call('ZADD', names, 0, key)
                redis.call('HINCRBY', sizes, 'p' .. provider, ARGV[6])
                redis.call('HINCRBY', sizes, 't', ARGV[6])
                redis.call('SET', base .. 'r:' .. key, ARGV[4])
                if ARGV[10] ~= '0' then redis.call('PEXPIRE', base .. 'r:' .. key, ARGV[10]) end
                local gone = redis.call('HGET', departed, slot(key))
                if gone and string.sub(gone, 1, #key + 1) == key .. ' ' then redis.call('HDEL', departed, slot(key)) end
                return 1
                """)

        /// ARGV: base, key.
        static let remove = RedisScript(common + "return drop(ARGV[2])")

        /// ARGV: base, cause, then pairs of a key and its line: one whose line is another now stays.
        static let sweep = RedisScript(
            common + """
                local count, bytes = 0, 0
                for i = 3, #ARGV, 2 do
                  if redis.call('HGET', index, ARGV[i]) == ARGV[i + 1] then
                    bytes = bytes + drop(ARGV[i])
                    count = count + 1
                    note(ARGV[i], ARGV[2])
                  end
                end
                return {count, bytes}
                """)

        /// ARGV: base, then pairs of a key and when it was used.
        static let touch = RedisScript(
            common + """
                for i = 2, #ARGV, 2 do
                  local line = redis.call('HGET', index, ARGV[i])
                  if line then
                    local length, start = string.match(line, '^%d+ (%d+) ()')
                    redis.call('ZADD', used, ARGV[i + 1], ARGV[i])
                    if start then
                      redis.call('ZADD', base .. 'used:' .. string.sub(line, start, start + length - 1), ARGV[i + 1], ARGV[i])
                    end
                  end
                end
                return 1
                """)
    }
#endif
