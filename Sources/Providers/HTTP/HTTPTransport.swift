import Core
import Synchronization

/// HTTP over one ``CurlEngine``, which is started when the first request is sent.
final class HTTPTransport: Sendable {
    let time: any TimeSource
    private let engine = Mutex<CurlEngine?>(nil)

    init(time: any TimeSource) { self.time = time }

    /// Sends a request and hands over its response as it arrives, until `receive` returns false or the response ends.
    ///
    /// Throws ``HTTPFailure``, what `receive` throws, and `CancellationError` when the task is cancelled; the
    /// connection is dropped at once in each case. When `receive` has returned false, nothing that happens to the rest
    /// of the response counts.
    func send(
        _ request: any HTTPOutgoing, timeouts: HTTPTimeouts, receive: (HTTPEvent) throws -> Bool
    ) async throws {
        try Task.checkCancellation()
        let exchange = HTTPExchange(request, time: time)
        guard let engine = runningEngine() else { throw HTTPFailure.noLibrary }
        engine.begin(exchange)
        defer { engine.drop(exchange) }
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { limits in
                defer { limits.cancelAll() }
                limits.addTask { try? await exchange.limitFirstByte(timeouts.firstByte) }
                limits.addTask { try? await exchange.limitAll(timeouts.total) }
                try await read(exchange, of: engine, timeouts: timeouts, limits: &limits, receive: receive)
                try Task.checkCancellation()
            }
        } onCancel: {
            exchange.cancel()
        }
    }

    private func read(
        _ exchange: HTTPExchange, of engine: CurlEngine, timeouts: HTTPTimeouts,
        limits: inout ThrowingTaskGroup<Void, any Error>,
        receive: (HTTPEvent) throws -> Bool
    ) async throws {
        var isWanted = true
        do {
            for try await event in exchange.events {
                if exchange.noteRead(event) { engine.goOn(exchange) }
                guard isWanted else { continue }
                if case .head = event { limits.addTask { try? await exchange.limitSilence(timeouts.idle) } }
                isWanted = try receive(event)
                // Only a connection whose response has ended can be used again.
                if !isWanted { limits.addTask { try? await exchange.limitLingering() } }
            }
        } catch let failure as HTTPFailure {
            if isWanted { throw failure }
        }
    }

    private func runningEngine() -> CurlEngine? {
        engine.withLock { engine in
            engine = engine ?? CurlEngine()
            return engine
        }
    }
}
