#if Redis
    extension LimitScripts {
        /// What both scripts begin with.
        ///
        /// KEYS: levels, open, spent, ranges, alive, gone, done. ARGV: the time, or nothing for the server's; how long an
        /// owner counts as alive without a word, in microseconds; the question, as a list in MessagePack.
        static let common = """
            local levels, open, spent, ranges, alive, gone, done = unpack(KEYS)
            local now = tonumber(ARGV[1])
            if not now then
              local time = redis.call('TIME')
              now = time[1] * 1000000 + time[2]
            end
            local floor, PART, QUARTER, DAY = math.floor, 1000000000, 900000000, 86400000000
            local function text(number) return string.format('%d', number) end
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
            local function learn(scopes)
              local unknown = {}
              for _, scope in ipairs(scopes) do
                if not known[scope] then
                  known[scope] = {}
                  unknown[#unknown + 1] = scope
                end
              end
              if #unknown == 0 then return end
              for i, kept in ipairs(redis.call('HMGET', ranges, unpack(unknown))) do
                local list = known[unknown[i]]
                for lower, upper, a, b, c, d in string.gmatch(kept or '', '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+);') do
                  list[#list + 1] = {lower = tonumber(lower), upper = tonumber(upper),
                    spent = {tonumber(a), tonumber(b)}, reserved = {tonumber(c), tonumber(d)}}
                end
              end
            end
            local function stretches(scope)
              if not known[scope] then learn({scope}) end
              return known[scope]
            end
            local function keepStretches(scopes)
              local kept, ended = {}, {}
              for _, scope in ipairs(scopes) do
                local parts = {}
                for _, one in ipairs(stretches(scope)) do
                  if one.upper + DAY > now then
                    parts[#parts + 1] = text(one.lower) .. ' ' .. text(one.upper) .. ' ' .. moneyText(one.spent) .. ' '
                      .. moneyText(one.reserved) .. ';'
                  end
                end
                if #parts > 0 then
                  kept[#kept + 1] = scope
                  kept[#kept + 1] = table.concat(parts)
                else
                  ended[#ended + 1] = scope
                end
              end
              if #kept > 0 then redis.call('HSET', ranges, unpack(kept)) end
              if #ended > 0 then redis.call('HDEL', ranges, unpack(ended)) end
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
              local quarter, fields, sums = floor(at / QUARTER), {}, {}
              for i, scope in ipairs(scopes) do fields[i] = scope .. '|' .. quarter end
              fields[#fields + 1] = 'all'
              for i, before in ipairs(redis.call('HMGET', spent, unpack(fields))) do
                if not before and scopes[i] then
                  -- No budget reaches back for two months.
                  local old = {}
                  for age = 6000, 6095 do old[#old + 1] = scopes[i] .. '|' .. (quarter - age) end
                  redis.call('HDEL', spent, unpack(old))
                end
                sums[#sums + 1] = fields[i]
                sums[#sums + 1] = moneyText(sum(money(before), cost, sign))
              end
              redis.call('HSET', spent, unpack(sums))
              learn(scopes)
              for _, scope in ipairs(scopes) do
                for _, one in ipairs(stretches(scope)) do
                  if at >= one.lower and at < one.upper then one.spent = sum(one.spent, cost, sign) end
                end
              end
            end
            -- A call is under way no more.
            local function finish(one)
              learn(one.scopes)
              for _, scope in ipairs(one.scopes) do
                redis.call('HINCRBY', levels, 'n|' .. scope, -1)
                reserve(scope, one.at, one.cost, -1)
              end
            end
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
                  keepStretches(one.scopes)
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
            -- `kept` is what was in the bucket, as it is written.
            local function bucket(name, limit, capacity, period, kept)
              local one = {name = name, capacity = capacity, period = period, units = capacity, drops = 0}
              local units, drops, before, at = string.match(kept or '', '^(%S+) (%S+) (%S+) (%S+)$')
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
            local function keepBuckets(buckets)
              local kept = {}
              for _, one in ipairs(buckets) do
                local least = -floor(2678400000000000000 / one.period)
                if one.units < least then one.units, one.drops = least, 0 end
                if one.units >= one.capacity then one.units, one.drops = one.capacity, 0 end
                kept[#kept + 1] = 'b|' .. one.name
                kept[#kept + 1] = text(one.units) .. ' ' .. text(one.drops) .. ' ' .. text(one.capacity) .. ' '
                  .. text(milliseconds)
              end
              if #kept > 0 then redis.call('HSET', levels, unpack(kept)) end
            end
            -- The values of those fields of a hash, in their order.
            local function values(hash, fields)
              if #fields == 0 then return {} end
              return redis.call('HMGET', hash, unpack(fields))
            end

            """
    }
#endif
