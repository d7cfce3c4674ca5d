import Testing

@testable import Metering

@Suite struct TokenBucketTests {
    @Test func holdsItsCapacityAndNoMore() {
        var bucket = TokenBucket(limit: 2, capacity: 2, periodMilliseconds: 1_000)
        #expect(bucket.take(1) && bucket.take(1))
        #expect(!bucket.take(1))
        bucket.refill(milliseconds: 3_600_000)
        #expect(bucket.remaining == 2)
    }

    @Test func refillsContinuouslyAndExactly() {
        var bucket = TokenBucket(limit: 3, capacity: 3, periodMilliseconds: 1_000)
        #expect(bucket.take(3))
        bucket.refill(milliseconds: 333)
        #expect(bucket.remaining == 0)
        #expect(bucket.wait(for: 1) == 1)
        bucket.refill(milliseconds: 1)
        #expect(bucket.remaining == 1)
    }

    @Test func manySmallRefillsEqualOneLargeOne() {
        var slow = TokenBucket(limit: 7, capacity: 100, periodMilliseconds: 60_000)
        #expect(slow.take(100))
        var fast = slow
        for _ in 0..<59_999 { slow.refill(milliseconds: 1) }
        fast.refill(milliseconds: 59_999)
        #expect(slow == fast)
    }

    @Test func timeNeverRunsBackwards() {
        var bucket = TokenBucket(limit: 2, capacity: 2, periodMilliseconds: 1_000)
        #expect(bucket.take(1))
        bucket.refill(milliseconds: -5_000)
        #expect(bucket.remaining == 1)
    }

    @Test func whatIsLargerThanTheBucketNeverFits() {
        let bucket = TokenBucket(limit: 5, capacity: 2, periodMilliseconds: 1_000)
        #expect(bucket.wait(for: 3) == nil)
    }

    @Test func limitOfZeroLetsNothingThrough() {
        var bucket = TokenBucket(limit: 0, capacity: 0, periodMilliseconds: 1_000)
        #expect(!bucket.take(1))
        #expect(bucket.wait(for: 1) == nil)
        #expect(bucket.waitUntilFull == 0)
        var burst = TokenBucket(limit: 0, capacity: 1, periodMilliseconds: 1_000)
        #expect(burst.take(1))
        #expect(burst.wait(for: 1) == nil)
        #expect(burst.waitUntilFull == nil)
    }

    @Test func negativeAmountsAreNotTaken() {
        var bucket = TokenBucket(limit: 2, capacity: 2, periodMilliseconds: 1_000)
        #expect(bucket.take(2))
        #expect(!bucket.take(-1))
        bucket.giveBack(-1)
        #expect(bucket.remaining == 0)
    }

    @Test func whatIsGivenBackCanBeTakenAgainButNotMore() {
        var bucket = TokenBucket(limit: 2, capacity: 2, periodMilliseconds: 1_000)
        #expect(bucket.take(1))
        bucket.giveBack(1)
        #expect(bucket.remaining == 2)
        bucket.giveBack(5)
        #expect(bucket.remaining == 2)
    }

    @Test func anotherCapacityKeepsTheLevelInProportion() {
        var bucket = TokenBucket(limit: 100, capacity: 100, periodMilliseconds: 60_000)
        #expect(bucket.take(75))
        var raised = TokenBucket(limit: 200, capacity: 200, periodMilliseconds: 60_000)
        raised.restore(level: bucket.level, capacity: bucket.capacity)
        #expect(raised.remaining == 50)
        var untouched = TokenBucket(limit: 10, capacity: 10, periodMilliseconds: 60_000)
        untouched.restore(level: 1, capacity: 0)
        #expect(untouched.remaining == 10)
    }

    @Test func largestLimitsDoNotOverflow() {
        var bucket = TokenBucket(limit: .max, capacity: .max, periodMilliseconds: .max)
        #expect(bucket.take(TokenBucket.largestLimit))
        bucket.refill(milliseconds: .max)
        #expect(bucket.remaining == TokenBucket.largestLimit)
        bucket.giveBack(.max)
        #expect(bucket.waitUntilFull == 0)
    }
}
