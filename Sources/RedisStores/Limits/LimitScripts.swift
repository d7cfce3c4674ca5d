#if Redis
    /// What changes the levels on the server, each in one step. The server's clock decides.
    ///
    /// Lua counts in doubles, which are exact to 2^53 only. So money is two numbers, thousandths of a dollar and the
    /// pico-dollars below, and what is in a bucket is whole units and the drops below; no product leaves the exact range.
    enum LimitScripts {
        static let all = [take, end]

        /// The question: whether to take, attempt, owner, cost, input and output of the estimate, scopes, buckets (5 each),
        /// concurrency (2 each), budgets (4 each). Money is a list of two numbers.
        static let take = RedisScript(
            common + """
                local takes, attempt, owner, cost, input, output, scopes, buckets, bounds, budgets =
                  unpack(cmsgpack.unpack(ARGV[3]))
                local budgeted = {}
                for i, b in ipairs(budgets) do
                  budgeted[i] = b[1]
                  if now < b[2] or now >= b[3] then return {'period', now} end
                end
                if takes then
                  redis.call('ZADD', alive, now + ARGV[2], owner)
                  if redis.call('EXISTS', done) == 1 then return {'ended', now} end
                end
                local isTaken = takes and redis.call('HEXISTS', open, attempt) == 1
                local fields = {}
                for i, b in ipairs(buckets) do fields[i] = 'b|' .. b[1] end
                for _, b in ipairs(bounds) do fields[#fields + 1] = 'n|' .. b[1] end
                local reply, filled
                local function look()
                  local fits, waits, found = true, false, values(levels, fields)
                  reply, filled = {'', now}, {}
                  for i, b in ipairs(buckets) do
                    local one = bucket(b[1], b[2], b[3], b[4], found[i])
                    filled[i] = one
                    if b[5] > one.capacity or (b[5] > 0 and one.units < b[5]) or (b[5] <= 0 and one.units < 0) then
                      fits = false
                    end
                    reply[2 * i + 1], reply[2 * i + 2] = one.units, one.drops
                  end
                  for i, b in ipairs(bounds) do
                    local count = tonumber(found[#buckets + i] or '0')
                    if count >= b[2] then fits, waits = false, true end
                    reply[#reply + 1] = count
                  end
                  learn(budgeted)
                  for _, b in ipairs(budgets) do
                    local one, last = stretch(b[1], b[2], b[3]), #reply
                    if above(sum(sum(one.spent, one.reserved, 1), cost, 1), b[4]) then fits, waits = false, true end
                    reply[last + 1], reply[last + 2] = one.spent[1], one.spent[2]
                    reply[last + 3], reply[last + 4] = one.reserved[1], one.reserved[2]
                  end
                  return fits, waits
                end
                local fits, waits = look()
                if takes and waits and not isTaken and sweep() > 0 then fits, waits = look() end
                if isTaken then
                  reply[1] = 'taken'
                  return reply
                end
                if not takes or not fits then
                  reply[1] = 'refused'
                  return reply
                end
                for i, one in ipairs(filled) do one.units = one.units - math.max(0, buckets[i][5]) end
                keepBuckets(filled)
                redis.call('HSET', open, attempt, owner .. ' ' .. text(now) .. ' ' .. moneyText(cost) .. ' ' .. text(input)
                  .. ' ' .. text(output) .. '\\n' .. table.concat(scopes, '\\n'))
                learn(scopes)
                local watched = {}
                for _, scope in ipairs(scopes) do
                  redis.call('HINCRBY', levels, 'n|' .. scope, 1)
                  reserve(scope, now, cost, 1)
                  if #stretches(scope) > 0 then watched[#watched + 1] = scope end
                end
                keepStretches(watched)
                reply[1] = 'taken'
                return reply
                """)

        /// The question: attempt, owner, whether the call was made, cost, when it was reserved, scopes, returns (6 each: a
        /// bucket (4), units, the most that may be left or nil).
        static let end = RedisScript(
            common + """
                local attempt, owner, isMade, cost, at, scopes, returns = unpack(cmsgpack.unpack(ARGV[3]))
                redis.call('ZADD', alive, now + ARGV[2], owner)
                if redis.call('EXISTS', done) == 1 then return 0 end
                redis.call('SET', done, '1', 'PX', 604800000)
                local record, late = redis.call('HGET', open, attempt), redis.call('HGET', gone, attempt)
                if record then
                  local one = call(record)
                  at, scopes = one.at, one.scopes
                  redis.call('HDEL', open, attempt)
                  finish(one)
                  local fields, filled = {}, {}
                  for i, b in ipairs(returns) do fields[i] = 'b|' .. b[1] end
                  for i, kept in ipairs(values(levels, fields)) do
                    local name, limit, capacity, period, units, most = unpack(returns[i], 1, 6)
                    local one = bucket(name, limit, capacity, period, kept)
                    one.units = one.units + units
                    if most and (one.units > most or (one.units == most and one.drops > 0)) then
                      one.units, one.drops = math.max(0, most), 0
                    end
                    filled[i] = one
                  end
                  keepBuckets(filled)
                elseif late then
                  local one = call(late)
                  at, scopes = one.at, one.scopes
                  redis.call('HDEL', gone, attempt)
                  charge(scopes, at, one.cost, -1)
                end
                if isMade then charge(scopes, at, cost, 1) end
                learn(scopes)
                keepStretches(scopes)
                return 1
                """)

        /// Says that an owner is alive; short enough to be sent whole. KEYS: alive. ARGV as above, then the owner.
        static let heartbeat = """
            local now = tonumber(ARGV[1])
            if not now then
              local time = redis.call('TIME')
              now = time[1] * 1000000 + time[2]
            end
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 86400000000)
            return redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
            """
    }
#endif
