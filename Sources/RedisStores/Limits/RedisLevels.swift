#if Redis
    import Core
    import Foundation
    import Metering

    /// Levels on a Redis server. Taking is one round trip; nobody waits for an end.
    final class RedisLevels: SharedLevels {
        /// How long a process counts as running without a word of it, in microseconds.
        static let patience: Int64 = 15_000_000

        private let connection: RedisConnection
        private let keys: RedisKeys
        private let owner: ULID
        private let patience: Int64
        /// Whose clock counts; nil for the server's, which tests cannot move.
        private let time: (any TimeSource)?

        /// `owner` names this process among those that share the server.
        init(
            _ connection: RedisConnection, keys: RedisKeys, owner: ULID, patience: Int64 = patience,
            time: (any TimeSource)? = nil
        ) {
            self.patience = patience
            self.connection = connection
            self.keys = keys
            self.owner = owner
            self.time = time
        }

        /// What says that a process still runs.
        static func heartbeat(_ keys: RedisKeys, owner: ULID) -> RedisCommand {
            RedisCommand(
                "EVAL", RedisWord(LimitScripts.heartbeat), "1", RedisWord(keys.key("alive")), "", RedisWord(patience),
                RedisWord(owner.description))
        }

        func takeNow(_ order: LevelOrder, isOnlyALook: Bool) throws(SharedLevelsFault) -> LevelAnswer {
            do throws(RedisError) {
                let reply = try LimitScripts.take.runNow(
                    connection, names(order.attempt), clock + words(order, takes: !isOnlyALook))
                return try answer(reply, to: order)
            } catch { throw SharedLevelsFault(error) }
        }

        func take(_ order: LevelOrder, isOnlyALook: Bool) async throws(SharedLevelsFault) -> LevelAnswer {
            do throws(RedisError) {
                let reply = try await LimitScripts.take.run(
                    connection, names(order.attempt), clock + words(order, takes: !isOnlyALook))
                return try answer(reply, to: order)
            } catch { throw SharedLevelsFault(error) }
        }

        func end(_ end: LevelEnd, told: @escaping @Sendable (SharedLevelsFault?) -> Void) {
            LimitScripts.end.tell(connection, names(end.attempt), clock + words(end)) { result in
                switch result {
                case .success: told(nil)
                case .failure(let error): told(SharedLevelsFault(error))
                }
            }
        }

        func callsUnderWay() throws(SharedLevelsFault) -> [SharedCall] {
            let replies: [RedisReply]
            do throws(RedisError) {
                replies = try connection.askNow([RedisCommand("HVALS", RedisWord(keys.key("open")))])
            } catch { throw SharedLevelsFault(error) }
            return (replies.first?.list ?? []).compactMap { $0.text.flatMap(SharedCall.init(record:)) }
        }

        /// What was spent in all, as the server has it.
        func spentInAll() throws(RedisError) -> Money {
            let reply = try connection.askNow([RedisCommand("HGET", RedisWord(keys.key("spent")), "all")]).first
            let parts = (reply?.text ?? "0 0").split(separator: " ").compactMap { Int64($0) }
            return parts.count == 2 ? Money(thousandths: parts[0], rest: parts[1]) : .zero
        }

        // MARK: - Words

        private func names(_ attempt: ULID) -> [String] {
            ["levels", "open", "spent", "ranges", "alive", "gone", "done:\(attempt)"].map(keys.key)
        }

        private var clock: [RedisWord] { [time.map { RedisWord($0.now().wall) } ?? "", RedisWord(patience)] }

        private func words(_ order: LevelOrder, takes: Bool) -> [RedisWord] {
            var words: [RedisWord] = [
                takes ? "1" : "0", RedisWord(order.attempt.description), RedisWord(owner.description),
            ]
            words += Self.words(order.worstCost ?? .zero)
            words += [RedisWord(order.estimate.input), RedisWord(order.estimate.output)]
            words += Self.list(order.scopes) { [RedisWord(Self.oneLine($0))] }
            words += Self.list(order.buckets) { Self.words($0) + [RedisWord($0.units)] }
            words += Self.list(order.concurrency) { [RedisWord(Self.oneLine($0.scope)), RedisWord($0.limit)] }
            words += Self.list(order.budgets) {
                [RedisWord(Self.oneLine($0.scope)), RedisWord($0.bounds.lowerBound), RedisWord($0.bounds.upperBound)]
                    + Self.words($0.limit)
            }
            return words
        }

        private func words(_ end: LevelEnd) -> [RedisWord] {
            var words: [RedisWord] = [
                RedisWord(end.attempt.description), RedisWord(owner.description), end.cost == nil ? "0" : "1",
            ]
            words += Self.words(end.cost ?? .zero) + [RedisWord(end.reservedAt)]
            words += Self.list(end.scopes) { [RedisWord(Self.oneLine($0))] }
            words += Self.list(end.returns) {
                Self.words($0.bucket) + [RedisWord($0.units), $0.atMost.map { RedisWord($0) } ?? ""]
            }
            return words
        }

        private static func list<Element>(_ elements: [Element], _ words: (Element) -> [RedisWord]) -> [RedisWord] {
            [RedisWord(elements.count)] + elements.flatMap(words)
        }

        private static func words(_ bucket: LevelOrder.Bucket) -> [RedisWord] {
            [
                RedisWord(oneLine(bucket.name)), RedisWord(bucket.limit), RedisWord(bucket.capacity),
                RedisWord(bucket.periodMilliseconds),
            ]
        }

        private static func words(_ money: Money) -> [RedisWord] {
            let (whole, rest) = money.parts
            return [RedisWord(whole), RedisWord(rest)]
        }

        /// Scopes are kept one a line.
        private static func oneLine(_ text: String) -> String {
            String(text.unicodeScalars.map { $0 == "\n" ? " " : Character($0) })
        }

        // MARK: - Answers

        private func answer(_ reply: RedisReply, to order: LevelOrder) throws(RedisError) -> LevelAnswer {
            var words = (reply.list ?? [])[...]
            guard let verdict = words.popFirst()?.text, let now = words.popFirst()?.number else { throw misunderstood }
            guard verdict != "period" else { return LevelAnswer(verdict: .otherPeriod, now: now) }
            var answer = LevelAnswer(verdict: verdict == "taken" ? .taken : .refused, now: now)
            let expected = 2 * order.buckets.count + order.concurrency.count + 4 * order.budgets.count
            var numbers = words.compactMap(\.number)[...]
            if verdict == "ended" {
                throw RedisError(code: .misunderstood, place: connection.place, cause: "it has ended")
            }
            guard numbers.count == expected else { throw misunderstood }
            for bucket in order.buckets {
                let (units, drops) = (numbers.removeFirst(), numbers.removeFirst())
                let level = Int128(units) * Int128(bucket.periodMilliseconds) + Int128(drops)
                answer.drops.append(Int64(clamping: level))
            }
            for _ in order.concurrency { answer.open.append(Int(numbers.removeFirst())) }
            for _ in order.budgets {
                answer.spent.append(Money(thousandths: numbers.removeFirst(), rest: numbers.removeFirst()))
                answer.reserved.append(Money(thousandths: numbers.removeFirst(), rest: numbers.removeFirst()))
            }
            return answer
        }

        private var misunderstood: RedisError {
            RedisError(code: .misunderstood, place: connection.place, cause: "an answer about limits")
        }
    }

    extension Money {
        /// Thousandths of a dollar, and the pico-dollars below: each fits a double exactly.
        fileprivate var parts: (whole: Int64, rest: Int64) {
            let picodollars = Int128(Int64(clamping: picodollars))
            return (Int64(picodollars / 1_000_000_000), Int64(picodollars % 1_000_000_000))
        }

        fileprivate init(thousandths: Int64, rest: Int64) {
            self.init(picodollars: Int128(thousandths) * 1_000_000_000 + Int128(rest))
        }
    }

    extension SharedCall {
        /// Reads a call as the script writes it; nil when it is anything else.
        fileprivate init?(record: String) {
            let lines = record.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let words = (lines.first ?? "").split(separator: " ")
            guard words.count == 6, let input = Int(words[4]), let output = Int(words[5]) else { return nil }
            self.init(scopes: Array(lines.dropFirst()), estimate: TokenEstimate(input: input, output: output))
        }
    }

    extension SharedLevelsFault {
        fileprivate init(_ error: RedisError) { self.init(place: error.place, message: error.description) }
    }
#endif
