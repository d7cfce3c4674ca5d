import CCurl
import Foundation
import Synchronization

/// libcurl's multi interface (https://curl.se/libcurl/c/libcurl-multi.html) on a thread of its own, which sleeps until
/// something arrives or somebody wakes it. Connections are kept and used again.
///
/// URLSession is not used on Linux: its write source stays armed, so that it spins while it waits for an answer.
final class CurlEngine: Sendable {
    /// What other threads want of the engine's.
    private struct Orders {
        var added: [HTTPExchange] = []
        var dropped: [HTTPExchange] = []
        var goingOn: [HTTPExchange] = []
        var isClosing = false
    }

    /// What the thread and the engine share. The pointer is only given to `curl_multi_wakeup` by other threads, the one
    /// call that libcurl allows them, and not after the thread has been told to close.
    private final class Desk: @unchecked Sendable {
        let orders = Mutex(Orders())
        let multi: UnsafeMutableRawPointer

        init(_ multi: UnsafeMutableRawPointer) { self.multi = multi }

        func order(_ body: (inout Orders) -> Void) {
            orders.withLock { orders in
                guard !orders.isClosing else { return }
                body(&orders)
                qf_curl_multi_wakeup(multi)
            }
        }
    }

    /// How long pieces of a rapid stream gather, in microseconds: less than a frame on a screen.
    private static let gatheringTime: UInt32 = 15_000

    private let desk: Desk

    /// Starts the thread. nil when libcurl cannot be used.
    init?() {
        guard qf_curl_load(), let multi = qf_curl_multi_init() else { return nil }
        let desk = Desk(multi)
        self.desk = desk
        let surroundings = CurlSurroundings(ProcessInfo.processInfo.environment)
        let thread = Thread { Self.work(desk, surroundings) }
        thread.name = "http"
        thread.start()
    }

    deinit { desk.order { $0.isClosing = true } }

    /// Sends the request of an exchange.
    func begin(_ exchange: HTTPExchange) { desk.order { $0.added.append(exchange) } }

    /// Drops an exchange's connection, unless it has ended.
    func drop(_ exchange: HTTPExchange) { desk.order { $0.dropped.append(exchange) } }

    /// Lets an exchange's bytes come again after they were held up.
    func goOn(_ exchange: HTTPExchange) { desk.order { $0.goingOn.append(exchange) } }

    // MARK: - The thread

    private static func work(_ desk: Desk, _ surroundings: CurlSurroundings) {
        var transfers: [ObjectIdentifier: CurlTransfer] = [:]
        while true {
            let orders = desk.orders.withLock { orders in
                defer { (orders.added, orders.dropped, orders.goingOn) = ([], [], []) }
                return orders
            }
            for exchange in orders.added {
                guard let transfer = CurlTransfer(exchange, surroundings) else {
                    exchange.end(throwing: .refused)
                    continue
                }
                transfers[ObjectIdentifier(exchange)] = transfer
                qf_curl_multi_add_handle(desk.multi, transfer.handle)
            }
            for exchange in orders.dropped { remove(&transfers, ObjectIdentifier(exchange), from: desk) }
            guard !orders.isClosing else { break }
            for exchange in orders.goingOn { transfers[ObjectIdentifier(exchange)]?.goOn() }
            qf_curl_multi_perform(desk.multi)
            endFinished(&transfers, desk)
            // What comes meanwhile comes at once.
            if deliver(transfers.values) { usleep(gatheringTime) }
            qf_curl_multi_poll(desk.multi, 60_000)
        }
        for id in transfers.keys { remove(&transfers, id, from: desk) }
        qf_curl_multi_cleanup(desk.multi)
    }

    /// Hands over what has arrived; returns whether it comes in pieces that should gather.
    private static func deliver(_ transfers: some Sequence<CurlTransfer>) -> Bool {
        transfers.reduce(false) { $1.exchange.deliver() || $0 }
    }

    private static func endFinished(_ transfers: inout [ObjectIdentifier: CurlTransfer], _ desk: Desk) {
        var result = CURLE_OK
        while let handle = qf_curl_next_ended(desk.multi, &result) {
            guard let (id, transfer) = transfers.first(where: { $0.value.handle == handle }) else { continue }
            transfer.end(result)
            remove(&transfers, id, from: desk)
        }
    }

    private static func remove(
        _ transfers: inout [ObjectIdentifier: CurlTransfer], _ id: ObjectIdentifier, from desk: Desk
    ) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        qf_curl_multi_remove_handle(desk.multi, transfer.handle)
        transfer.exchange.cancel()
    }
}
