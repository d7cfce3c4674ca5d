public import Configuration
public import Core
import Foundation
public import Providers

/// Whether and when a failed provider call is made again.
///
/// There is one such rule, and one count of tries for each request: nothing below repeats a call by itself.
public struct RetryRule: Sendable {
    public enum Verdict: Hashable, Sendable {
        /// After so many microseconds.
        case again(after: Int64)
        /// Another try would not help, or may not be made.
        case never
        /// The provider asks for more microseconds of patience than a request has.
        case tooLong(Int64)
    }

    private let settings: RetrySettings
    private let patience: Int64
    private let random: @Sendable () -> Double

    /// `patienceSeconds` is the longest that a request waits for its next try; `random` gives numbers from 0 up to 1.
    public init(
        _ settings: RetrySettings, patienceSeconds: Int,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.settings = settings
        patience = Int64(min(max(patienceSeconds, 0), 1_000_000_000)) * 1_000_000
        self.random = random
    }

    /// What follows the failure of a request's `number`th try, from 1, that ended `now`.
    ///
    /// The wait doubles from try to try, up to the longest that the settings allow, and a random part of it is taken,
    /// so that many who failed at once do not come back at once. It is never shorter than the provider asks.
    public func verdict(after error: ProviderError, try number: Int, now: Moment) -> Verdict {
        guard number >= 1, number <= settings.maxRetries, isPassing(error) else { return .never }
        let doubled = Double(settings.initialDelayMilliseconds) * pow(2, Double(number - 1))
        let backoff = Int64(min(doubled, Double(settings.maxDelayMilliseconds)) * 1_000 * random())
        let advised = error.limits.flatMap { limits in
            limits.earliestRetry.map { $0 - max(0, now.sinceBoot - limits.receivedAt.sinceBoot) }
        }
        let wait = max(backoff, advised ?? 0)
        return wait > patience ? .tooLong(wait) : .again(after: wait)
    }

    /// Whether what failed may pass by itself. What the server says about that counts before its status.
    private func isPassing(_ error: ProviderError) -> Bool {
        // Text that has been shown is not silently written again.
        guard error.partialText == nil else { return false }
        if error.status != nil, let said = error.limits?.shouldRetry { return said }
        return switch error.kind {
        case .unreachable, .timedOut, .interrupted, .rateLimited, .serverFailed: true
        case .rejected: error.status == 408 || error.status == 409
        case .misconfigured, .unauthorized, .forbidden, .notFound, .outOfCredit, .redirected, .unreadable, .empty,
            .tooLarge, .cancelled:
            false
        }
    }
}
