import Core
import Foundation
import Synchronization
import TestKit

/// A server that answers some requests only when it is told to.
struct SlowServer {
    let server: FakeOpenAIServer
    /// Fires when a request has come that waits.
    let asked = Signal()
    /// Lets the request answer that waits.
    let go = Signal()

    /// The first request waits, and the first one for each of the forms that are named.
    init(
        alsoAt forms: [String] = [],
        answer: @escaping @Sendable (FakeOpenAIServer.Request) -> String = { FakeStory.answer(to: $0.body) }
    ) async throws {
        let (asked, go) = (asked, go)
        let left = Mutex([""] + forms.map { "form: \($0)" })
        server = try await FakeOpenAIServer.start { request in
            let waits = left.withLock { left in
                let place = left.firstIndex { $0.isEmpty || request.prompt.contains($0) }
                if let place { left.remove(at: place) }
                return place != nil
            }
            if waits {
                asked.fire()
                await go.wait()
            }
            return .answer(answer(request))
        }
    }
}

extension FakeOpenAIServer.Request {
    /// The last message.
    var prompt: String { body["messages"]?.array?.last?["content"]?.string ?? "" }
}

extension FakeStory {
    /// An answer, or where sections are planned a question, until the writer has answered it.
    static func asking(_ request: FakeOpenAIServer.Request) -> String {
        let asks = request.prompt.contains("form: topology") && !request.prompt.contains("The writer answered")
        return asks
            ? #"{"question":{"text":"Is the keeper alive?","suggestions":["Yes","Long dead"]}}"#
            : answer(to: request.body)
    }
}
