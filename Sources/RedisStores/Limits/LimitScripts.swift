#if Redis
    /// What changes the levels on the server, each in one step. The server's clock decides.
    ///
    /// Lua counts in doubles, which are exact to 2^53 only. So money is two numbers, thousandths of a dollar and the
    /// pico-dollars below, and what is in a bucket is whole units and the drops below; no product leaves the exact range.
    enum LimitScripts {
        static let all = [take, end]

        /// KEYS: levels, open, spent, ranges, alive, gone, done. ARGV: the time, or nothing for the server's; how long an
        /// owner counts as alive without a word, in microseconds.
        private static let common = """
            local levels, open, spent, ranges, alive, gone, done = unpack(KEYS)
            local now = tonumber(ARGV[1])
            if not now then
              local time = redis.call('TIME')
              now = time[1] * 1000000 + time[2]
            end
            local floor, PART, QUARTER, DAY = math.floor, 1000000000, 900000000, 86400000000
            local function text(number) return string.format('%.0f', number) end
            local function money(text)
              local whole, rest = string.match(text or '', '^(%S+) (%S+)$')
              return {tonumber(whole) or 0, tonumber(rest) or 0}
            end
            local function moneyText(a) return text(a[1]) .. ' ' .. text(a[2]) end
            local function sum(a, b, sign)
              local rest = a[2] + sign * b[2]
              local carry = floor(rest / PART)
              return {a[1] + sign * b[1] + carry, rest - carry * PART}
            end
            local function above(a, b)
              if a[1] ~= b[1] then return a[1] > b[1] end
              return a[2] > b[2]
            end
            -- A call: owner, when it was reserved, its worst cost, its estimate; then its scopes, one a line.
            local function call(record)
              local owner, at, whole, rest, input, output, lines =
                string.match(record, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)\\n(.*)$')
              local scopes = {}
              for line in string.gmatch(lines or '', '([^\\n]+)') do scopes[#scopes + 1] = line end
              return {owner = owner, at = tonumber(at) or 0, cost = {tonumber(whole) or 0, tonumber(rest) or 0},
                scopes = scopes}
            end
            local calls
            local function allCalls()
              if calls then return calls end
              calls = {}
              local flat = redis.call('HGETALL', open)
              for i = 1, #flat, 2 do calls[flat[i]] = call(flat[i + 1]) end
              return calls
            end
            -- What was spent and is reserved in the stretches of time that somebody asked for.
            local known = {}
            local function stretches(scope)
              if known[scope] then return known[scope] end
              local list = {}
              local kept = redis.call('HGET', ranges, scope) or ''
              for lower, upper, a, b, c, d in string.gmatch(kept, '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+);') do
                list[#list + 1] = {lower = tonumber(lower), upper = tonumber(upper),
                  spent = {tonumber(a), tonumber(b)}, reserved = {tonumber(c), tonumber(d)}}
              end
              known[scope] = list
              return list
            end
            local function keepStretches(scope)
              local parts = {}
              for _, one in ipairs(stretches(scope)) do
                if one.upper + DAY > now then
                  parts[#parts + 1] = text(one.lower) .. ' ' .. text(one.upper) .. ' ' .. moneyText(one.spent) .. ' '
                    .. moneyText(one.reserved) .. ';'
                end
              end
              if #parts > 0 then redis.call('HSET', ranges, scope, table.concat(parts))
              else redis.call('HDEL', ranges, scope) end
            end
            local function stretch(scope, lower, upper)
              local list = stretches(scope)
              for _, one in ipairs(list) do
                if one.lower == lower and one.upper == upper then return one end
              end
              local one = {lower = lower, upper = upper, spent = {0, 0}, reserved = {0, 0}}
              local first, last = floor(lower / QUARTER), floor(upper / QUARTER) - 1
              while first <= last do
                local fields = {}
                for quarter = first, math.min(first + 499, last) do fields[#fields + 1] = scope .. '|' .. quarter end
                for _, value in ipairs(redis.call('HMGET', spent, unpack(fields))) do
                  if value then one.spent = sum(one.spent, money(value), 1) end
                end
                first = first + 500
              end
              for _, other in pairs(allCalls()) do
                for _, place in ipairs(other.scopes) do
                  if place == scope and other.at >= lower and other.at < upper then
                    one.reserved = sum(one.reserved, other.cost, 1)
                  end
                end
              end
              list[#list + 1] = one
              return one
            end
            local function reserve(scope, at, cost, sign)
              for _, one in ipairs(stretches(scope)) do
                if at >= one.lower and at < one.upper then one.reserved = sum(one.reserved, cost, sign) end
              end
            end
            -- Adds to what was spent, or takes away what was charged too much.
            local function charge(scopes, at, cost, sign)
              local quarter = floor(at / QUARTER)
              for _, scope in ipairs(scopes) do
                local field = scope .. '|' .. quarter
                local before = redis.call('HGET', spent, field)
                if not before then
                  -- No budget reaches back for two months.
                  local old = {}
                  for i = 6000, 6095 do old[#old + 1] = scope .. '|' .. (quarter - i) end
                  redis.call('HDEL', spent, unpack(old))
                end
                redis.call('HSET', spent, field, moneyText(sum(money(before), cost, sign)))
                for _, one in ipairs(stretches(scope)) do
                  if at >= one.lower and at < one.upper then one.spent = sum(one.spent, cost, sign) end
                end
              end
              redis.call('HSET', spent, 'all', moneyText(sum(money(redis.call('HGET', spent, 'all')), cost, sign)))
            end
            -- A call is under way no more.
            local function finish(one)
              for _, scope in ipairs(one.scopes) do
                redis.call('HINCRBY', levels, 'n|' .. scope, -1)
                reserve(scope, one.at, one.cost, -1)
              end
            end
            local function keepAll(scopes) for _, scope in ipairs(scopes) do keepStretches(scope) end end
            -- Calls whose owners are gone are charged at their worst.
            local function sweep()
              local count = 0
              for attempt, one in pairs(allCalls()) do
                local until_ = tonumber(redis.call('ZSCORE', alive, one.owner) or '0')
                if until_ <= now then
                  redis.call('HSET', gone, attempt, redis.call('HGET', open, attempt))
                  redis.call('HDEL', open, attempt)
                  finish(one)
                  charge(one.scopes, one.at, one.cost, 1)
                  keepAll(one.scopes)
                  count = count + 1
                end
              end
              if count > 0 then calls = nil end
              return count
            end
            -- a * b = q * c + r for whole numbers up to 2^32, exactly.
            local function divide(a, b, c)
              local high = floor(b / 65536)
              local x = a * high
              local q = floor(x / c)
              local y = (x - q * c) * 65536 + a * (b - high * 65536)
              local q2 = floor(y / c)
              return q * 65536 + q2, y - q2 * c
            end
            -- What another capacity makes of what is in a bucket, rounded towards empty as the other stores do.
            local function scaled(units, drops, from, to, period)
              local sign = 1
              if units < 0 then
                sign = -1
                if drops > 0 then units, drops = -units - 1, period - drops else units = -units end
              end
              local q, r = divide(units, to, from)
              local q2, r2 = divide(r, period, from)
              local q3, r3 = divide(drops, to, from)
              local below = q2 + q3 + floor((r2 + r3) / from)
              local carry = floor(below / period)
              units, drops = q + carry, below - carry * period
              if sign < 0 then
                if drops > 0 then return -units - 1, period - drops end
                return -units, 0
              end
              return units, drops
            end
            local milliseconds = floor(now / 1000)
            local function bucket(name, limit, capacity, period)
              local one = {name = name, capacity = capacity, period = period, units = capacity, drops = 0}
              local units, drops, before, at =
                string.match(redis.call('HGET', levels, 'b|' .. name) or '', '^(%S+) (%S+) (%S+) (%S+)$')
              units, drops, before, at = tonumber(units), tonumber(drops), tonumber(before), tonumber(at)
              if not (units and drops and before and at) or before <= 0 then return one end
              if before ~= capacity then units, drops = scaled(units, drops, before, capacity, period) end
              local elapsed = milliseconds - at
              if elapsed > 0 then
                local periods = floor(elapsed / period)
                local q, r = divide(elapsed - periods * period, limit, period)
                drops = drops + r
                local carry = floor(drops / period)
                units, drops = units + periods * limit + q + carry, drops - carry * period
              end
              if units >= capacity then units, drops = capacity, 0 end
              one.units, one.drops = units, drops
              return one
            end
            local function keepBucket(one)
              local least = -floor(2678400000000000000 / one.period)
              if one.units < least then one.units, one.drops = least, 0 end
              if one.units >= one.capacity then one.units, one.drops = one.capacity, 0 end
              redis.call('HSET', levels, 'b|' .. one.name, text(one.units) .. ' ' .. text(one.drops) .. ' '
                .. text(one.capacity) .. ' ' .. text(milliseconds))
            end
            local place = 3
            local function word()
              place = place + 1
              return ARGV[place - 1]
            end
            local function number() return tonumber(word()) end
            local function words()
              local list = {}
              for i = 1, number() do list[i] = word() end
              return list
            end

            """

        /// Then: whether to take, attempt, owner, cost (2), estimate (2), scopes, buckets (5 each), concurrency (2 each),
        /// budgets (5 each), each list preceded by its length.
        static let take = RedisScript(
            common + """
                local takes, attempt, owner = word() == '1', word(), word()
                local cost, input, output = {number(), number()}, word(), word()
                local scopes, buckets, bounds, budgets = words(), {}, {}, {}
                for i = 1, number() do
                  buckets[i] = {word(), number(), number(), number(), number()}
                end
                for i = 1, number() do bounds[i] = {word(), number()} end
                for i = 1, number() do
                  budgets[i] = {word(), number(), number(), {number(), number()}}
                  if now < budgets[i][2] or now >= budgets[i][3] then return {'period', text(now)} end
                end
                if takes then
                  redis.call('ZADD', alive, now + ARGV[2], owner)
                  if redis.call('EXISTS', done) == 1 then return {'ended', text(now)} end
                end
                local isTaken = takes and redis.call('HEXISTS', open, attempt) == 1
                local reply, filled
                local function look()
                  local fits, waits = true, false
                  reply, filled = {'', text(now)}, {}
                  for i, b in ipairs(buckets) do
                    local one = bucket(b[1], b[2], b[3], b[4])
                    filled[i] = one
                    if b[5] > one.capacity or (b[5] > 0 and one.units < b[5]) or (b[5] <= 0 and one.units < 0) then
                      fits = false
                    end
                    reply[#reply + 1] = text(one.units)
                    reply[#reply + 1] = text(one.drops)
                  end
                  for _, b in ipairs(bounds) do
                    local count = tonumber(redis.call('HGET', levels, 'n|' .. b[1]) or '0')
                    if count >= b[2] then fits, waits = false, true end
                    reply[#reply + 1] = text(count)
                  end
                  for _, b in ipairs(budgets) do
                    local one = stretch(b[1], b[2], b[3])
                    if above(sum(sum(one.spent, one.reserved, 1), cost, 1), b[4]) then fits, waits = false, true end
                    for _, part in ipairs({one.spent[1], one.spent[2], one.reserved[1], one.reserved[2]}) do
                      reply[#reply + 1] = text(part)
                    end
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
                for i, one in ipairs(filled) do
                  one.units = one.units - math.max(0, buckets[i][5])
                  keepBucket(one)
                end
                redis.call('HSET', open, attempt, owner .. ' ' .. text(now) .. ' ' .. moneyText(cost) .. ' ' .. input .. ' '
                  .. output .. '\\n' .. table.concat(scopes, '\\n'))
                for _, scope in ipairs(scopes) do
                  redis.call('HINCRBY', levels, 'n|' .. scope, 1)
                  reserve(scope, now, cost, 1)
                  if #stretches(scope) > 0 then keepStretches(scope) end
                end
                reply[1] = 'taken'
                return reply
                """)

        /// Then: attempt, owner, whether the call was made, cost (2), when it was reserved, scopes, returns (6 each: a
        /// bucket (4), units, the most that may be left or nothing), each list preceded by its length.
        static let end = RedisScript(
            common + """
                local attempt, owner, isMade = word(), word(), word() == '1'
                local cost, at, scopes = {number(), number()}, number(), words()
                redis.call('ZADD', alive, now + ARGV[2], owner)
                if redis.call('EXISTS', done) == 1 then return 0 end
                redis.call('SET', done, '1', 'PX', 604800000)
                local record, late = redis.call('HGET', open, attempt), redis.call('HGET', gone, attempt)
                if record then
                  local one = call(record)
                  at, scopes = one.at, one.scopes
                  redis.call('HDEL', open, attempt)
                  finish(one)
                  for i = 1, number() do
                    local one = bucket(word(), number(), number(), number())
                    local units, most = number(), number()
                    one.units = one.units + units
                    if most and (one.units > most or (one.units == most and one.drops > 0)) then
                      one.units, one.drops = math.max(0, most), 0
                    end
                    keepBucket(one)
                  end
                elseif late then
                  local one = call(late)
                  at, scopes = one.at, one.scopes
                  redis.call('HDEL', gone, attempt)
                  charge(scopes, at, one.cost, -1)
                end
                if isMade then charge(scopes, at, cost, 1) end
                keepAll(scopes)
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
