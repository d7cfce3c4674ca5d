import Core
import Foundation
import Metering
import Providers

extension Generator {
    /// Calls the provider until it answers or fails for good; returns the answer, and when its call was sent.
    ///
    /// Each try is reserved and recorded by itself, all of them under the request's one idempotency key; the reservation
    /// becomes that of the newest. The look-up was counted with the first. All providers of a request share one number
    /// of tries that are made again.
    func answer(
        of prepared: PreparedCall, to request: GenerationRequest, under reservation: inout Reservation,
        course: inout Course, events: @escaping Events
    ) async throws -> (Answer, sent: Moment) {
        while true {
            let sent = time.now()
            do {
                return (try await call(prepared, request, under: reservation, sent: sent, events: events), sent)
            } catch let failure as Charged {
                let wait = try wait(after: failure, try: course.retries + 1)
                log(request)?.retries(after: failure.error, charged: failure.cost, microseconds: wait)
                let until = time.now().wall + wait
                events(
                    .requestRetrying(
                        request: request.id, message: failure.error.description, until: until, charged: failure.cost))
                try await time.sleep(microseconds: wait)
                reservation = try await reserve(
                    demand(for: request, lookup: .none, missCause: nil), again: true, for: request, events: events)
                course.retries += 1
            }
        }
    }

    /// How long to wait before the next try, in microseconds. Throws the failure when there is none.
    private func wait(after failure: Charged, try number: Int) throws(Charged) -> Int64 {
        guard let retry, case .provider(var error) = failure.error else { throw failure }
        switch retry.verdict(after: error, try: number, now: time.now()) {
        case .again(let wait): return wait
        case .never: throw failure
        case .tooLong(let wait):
            let seconds = (wait + 999_999) / 1_000_000
            error.message += "; it asks to wait \(seconds) s, which is longer than max_wait_seconds"
            throw Charged(error: .provider(error), cost: failure.cost)
        }
    }
}
