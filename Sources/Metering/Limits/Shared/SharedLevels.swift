package import Core

/// Levels of limits and calls under way on a server that machines share. Each function is one atomic step there.
///
/// Names of scopes and buckets are texts here: what they mean is the limiter's business.
package protocol SharedLevels: Sendable {
    /// Takes room at every level, or at none; `isOnlyALook` takes nothing in either case. Taking for an attempt a second
    /// time takes no more, and for one that has ended, nothing.
    func takeNow(_ order: LevelOrder, isOnlyALook: Bool) throws(SharedLevelsFault) -> LevelAnswer
    func take(_ order: LevelOrder, isOnlyALook: Bool) async throws(SharedLevelsFault) -> LevelAnswer
    /// Ends an attempt, once: whoever says it again changes nothing. It is done before whatever this process asks next.
    /// `told` is called when the server has it, and with an error when that is not known.
    func end(_ end: LevelEnd, told: @escaping @Sendable (SharedLevelsFault?) -> Void)
    /// Every call under way, of all machines.
    func callsUnderWay() throws(SharedLevelsFault) -> [SharedCall]
}

/// Why the server could not be asked, in words with the remedy.
package struct SharedLevelsFault: Error, Hashable, Sendable {
    package var place: String
    package var message: String

    package init(place: String, message: String) {
        self.place = place
        self.message = message
    }
}

/// What an attempt asks of all levels.
package struct LevelOrder: Sendable {
    package struct Bucket: Sendable {
        package var name: String
        package var limit: Int64
        package var capacity: Int64
        package var periodMilliseconds: Int64
        package var units: Int64
    }

    package struct Concurrency: Sendable {
        package var scope: String
        package var limit: Int
    }

    package struct Budget: Sendable {
        package var scope: String
        /// The calendar period, in microseconds since 1970 and whole quarters of an hour.
        package var bounds: Range<Int64>
        package var limit: Money
    }

    package var attempt: ULID
    /// The wall time of whoever asks.
    package var now: Int64
    package var scopes: [String]
    package var estimate: TokenEstimate
    /// nil when the model has no price.
    package var worstCost: Money?
    package var buckets: [Bucket] = []
    package var concurrency: [Concurrency] = []
    package var budgets: [Budget] = []
}

/// How the levels of an order stand, in its order; before taking, where nothing was taken.
package struct LevelAnswer: Sendable {
    package enum Verdict: Sendable {
        case taken, refused
        /// By the server's clock it is another calendar period; nothing was looked at.
        case otherPeriod
    }

    package var verdict: Verdict
    /// The server's wall time.
    package var now: Int64
    /// What is in each bucket, in drops.
    package var drops: [Int64] = []
    package var open: [Int] = []
    package var spent: [Money] = []
    package var reserved: [Money] = []

    package init(verdict: Verdict, now: Int64) {
        self.verdict = verdict
        self.now = now
    }
}

/// The end of an attempt.
package struct LevelEnd: Sendable {
    package struct Return: Sendable {
        package var bucket: LevelOrder.Bucket
        /// Given back; negative: used beyond what had been taken.
        package var units: Int64
        /// The most that may be left, as the provider says.
        package var atMost: Int64?
    }

    package var attempt: ULID
    /// When the process that made the call took room for it; only counts where the server knows nothing of it.
    package var reservedAt: Int64
    package var now: Int64
    package var scopes: [String]
    /// nil for a call that was not made.
    package var cost: Money?
    package var returns: [Return] = []
}

/// A call under way, of whatever process.
package struct SharedCall: Sendable {
    package var scopes: [String]
    package var estimate: TokenEstimate

    package init(scopes: [String], estimate: TokenEstimate) {
        self.scopes = scopes
        self.estimate = estimate
    }
}

extension LimitScope {
    /// The scope on a server: `global`, `provider openai`.
    var sharedName: String { name.isEmpty ? kind : "\(kind) \(name)" }
}
