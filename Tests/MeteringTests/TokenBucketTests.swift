import Testing

@testable import Metering

@Suite struct TokenBucketTests {
    @Test func holdsItsCapacityAndNoMore() {
        var bucket = TokenBucket(limit: 2, capacity: 2, periodMilliseconds: 1_000)
        let taken = [1, 1, 1].map { bucket.take($0) }
        #expect(taken == [true, true, false])
        bucket.refill(milliseconds: 3_600_000)
        #expect(bucket.remaining == 2)
    }

    @Test func refillsContinuouslyAndExactly() {
        var bucket = TokenBucket(limit: 3, capacity: 3, periodMilliseconds: 1_000)
        let taken = bucket.take(3)
        #expect(taken)
        bucket.refill(milliseconds: 333)
        #expect(bucket.remaining == 0)
        #expect(bucket.wait(for: 1) == 1)
        bucket.refill(milliseconds: 1)
        #expect(bucket.remaining == 1)
    }

    @Test func manySmallRefillsEqualOneLargeOne() {
        var slow = TokenBucket(limit: 7, capacity: 100, periodMilliseconds: 60_000)
        let taken = slow.take(100)
        #expect(taken)
        var fast = slow
        for _ in 0..<59_999 { slow.refill(milliseconds: 1) }
        fast.refill(milliseconds: 59_999)
        #expect(slow == fast)
    }

    @Test func timeNeverRunsBackwards() {
        var bucket = TokenBucket(limit: 2, capacity: 2, periodMilliseconds: 1_000)
        let taken = bucket.take(1)
        #expect(taken)
        bucket.refill(milliseconds: -5_000)
        #expect(bucket.remaining == 1)
    }

    @Test func whatIsLargerThanTheBucketNeverFits() {
        let bucket = TokenBucket(limit: 5, capacity: 2, periodMilliseconds: 1_000)
        #expect(bucket.wait(for: 3) == nil)
    }

    @Test func limitOfZeroLetsNothingThrough() {
        var bucket = TokenBucket(limit: 0, capacity: 0, periodMilliseconds: 1_000)
        let taken = bucket.take(1)
        #expect(!taken)
        #expect(bucket.wait(for: 1) == nil)
        #expect(bucket.waitUntilFull == 0)
        var burst = TokenBucket(limit: 0, capacity: 1, periodMilliseconds: 1_000)
        let takenAtOnce = burst.take(1)
        #expect(takenAtOnce)
        #expect(burst.wait(for: 1) == nil)
        #expect(burst.waitUntilFull == nil)
    }

    @Test func negativeAmountsAreNotTaken() {
        var bucket = TokenBucket(limit: 2, capacity: 2, periodMilliseconds: 1_000)
        let taken = [2, -1].map { bucket.take($0) }
        #expect(taken == [true, false])
        bucket.giveBack(-1)
        #expect(bucket.remaining == 0)
    }

    @Test func whatIsGivenBackCanBeTakenAgainButNotMore() {
        var bucket = TokenBucket(limit: 2, capacity: 2, periodMilliseconds: 1_000)
        let taken = bucket.take(1)
        #expect(taken)
        bucket.giveBack(1)
        #expect(bucket.remaining == 2)
        bucket.giveBack(5)
        #expect(bucket.remaining == 2)
    }

    @Test func anotherCapacityKeepsTheLevelInProportion() {
        var bucket = TokenBucket(limit: 100, capacity: 100, periodMilliseconds: 60_000)
        let taken = bucket.take(75)
        #expect(taken)
        var raised = TokenBucket(limit: 200, capacity: 200, periodMilliseconds: 60_000)
        raised.restore(level: bucket.level, capacity: bucket.capacity)
        #expect(raised.remaining == 50)
        var untouched = TokenBucket(limit: 10, capacity: 10, periodMilliseconds: 60_000)
        untouched.restore(level: 1, capacity: 0)
        #expect(untouched.remaining == 10)
    }

    @Test func largestLimitsDoNotOverflow() {
        var bucket = TokenBucket(limit: .max, capacity: .max, periodMilliseconds: .max)
        let taken = bucket.take(TokenBucket.largestLimit)
        #expect(taken)
        bucket.refill(milliseconds: .max)
        #expect(bucket.remaining == TokenBucket.largestLimit)
        bucket.giveBack(.max)
        #expect(bucket.waitUntilFull == 0)
    }
}
