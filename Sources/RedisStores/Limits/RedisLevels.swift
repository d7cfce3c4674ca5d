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
        /// The keys of both scripts, but for the last one, which is an attempt's own.
        private let names: [String]
        private let donePrefix: String
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
            names = ["levels", "open", "spent", "ranges", "alive", "gone"].map(keys.key)
            donePrefix = keys.key("done:")
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
                    connection, names(order.attempt), words(question(order, takes: !isOnlyALook)))
                return try answer(reply, to: order)
            } catch { throw SharedLevelsFault(error) }
        }

        func take(_ order: LevelOrder, isOnlyALook: Bool) async throws(SharedLevelsFault) -> LevelAnswer {
            do throws(RedisError) {
                let reply = try await LimitScripts.take.run(
                    connection, names(order.attempt), words(question(order, takes: !isOnlyALook)))
                return try answer(reply, to: order)
            } catch { throw SharedLevelsFault(error) }
        }

        func end(_ end: LevelEnd, told: @escaping @Sendable (SharedLevelsFault?) -> Void) {
            LimitScripts.end.tell(connection, names(end.attempt), words(question(end))) { result in
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

        private func names(_ attempt: ULID) -> [String] { names + ["\(donePrefix)\(attempt)"] }

        private func words(_ question: MessagePack) -> [RedisWord] {
            [time.map { RedisWord($0.now().wall) } ?? "", RedisWord(patience), RedisWord(question)]
        }

        private func question(_ order: LevelOrder, takes: Bool) -> MessagePack {
            var question = MessagePack()
            question.beginList(10)
            question.add(takes)
            question.add(order.attempt.description)
            question.add(owner.description)
            question.add(order.worstCost ?? .zero)
            question.add(Int64(order.estimate.input))
            question.add(Int64(order.estimate.output))
            question.addList(order.scopes) { $0.add(Self.oneLine($1)) }
            question.addList(order.buckets) { question, bucket in
                question.beginList(5)
                question.add(bucket)
                question.add(bucket.units)
            }
            question.addList(order.concurrency) { question, level in
                question.beginList(2)
                question.add(Self.oneLine(level.scope))
                question.add(Int64(level.limit))
            }
            question.addList(order.budgets) { question, budget in
                question.beginList(4)
                question.add(Self.oneLine(budget.scope))
                question.add(budget.bounds.lowerBound)
                question.add(budget.bounds.upperBound)
                question.add(budget.limit)
            }
            return question
        }

        private func question(_ end: LevelEnd) -> MessagePack {
            var question = MessagePack()
            question.beginList(7)
            question.add(end.attempt.description)
            question.add(owner.description)
            question.add(end.cost != nil)
            question.add(end.cost ?? .zero)
            question.add(end.reservedAt)
            question.addList(end.scopes) { $0.add(Self.oneLine($1)) }
            question.addList(end.returns) { question, back in
                question.beginList(6)
                question.add(back.bucket)
                question.add(back.units)
                if let most = back.atMost { question.add(most) } else { question.addNil() }
            }
            return question
        }

        /// Scopes are kept one a line.
        fileprivate static func oneLine(_ text: String) -> String {
            guard text.utf8.contains(UInt8(ascii: "\n")) else { return text }
            return String(text.unicodeScalars.map { $0 == "\n" ? " " : Character($0) })
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

    extension MessagePack {
        fileprivate mutating func add(_ money: Money) {
            let (whole, rest) = money.parts
            beginList(2)
            add(whole)
            add(rest)
        }

        /// Adds a bucket's name and its size: four elements of a list.
        fileprivate mutating func add(_ bucket: LevelOrder.Bucket) {
            add(RedisLevels.oneLine(bucket.name))
            add(bucket.limit)
            add(bucket.capacity)
            add(bucket.periodMilliseconds)
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
