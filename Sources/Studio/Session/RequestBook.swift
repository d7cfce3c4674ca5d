package import Core
import Synchronization

/// A request as a role's prompt made it.
package struct AskedRequest: Hashable, Sendable {
    package var id: ULID
    package var origin: RequestOrigin
    package var call: ModelCall
    package var isConsultation: Bool
    package var isFresh: Bool
}

/// The requests that this process made lately, with their prompts, which nothing else keeps.
final class RequestBook: Sendable {
    private static let most = 200
    private static let mostBytes = 4 << 20

    private struct Pages {
        /// The oldest first.
        var requests: [AskedRequest] = []
        var bytes = 0
    }

    private let pages = Mutex(Pages())

    func note(_ request: GenerationRequest) {
        let asked = AskedRequest(
            id: request.id, origin: request.origin, call: request.call, isConsultation: request.isConsultation,
            isFresh: request.isFresh)
        pages.withLock { pages in
            pages.requests.append(asked)
            pages.bytes += asked.bytes
            while pages.requests.count > Self.most || pages.bytes > Self.mostBytes, pages.requests.count > 1 {
                pages.bytes -= pages.requests.removeFirst().bytes
            }
        }
    }

    /// nil when it was made elsewhere, or is too long ago.
    subscript(request: ULID) -> AskedRequest? {
        pages.withLock { pages in pages.requests.last { $0.id == request } }
    }

    /// What a role was asked last, with one kind of provider.
    func last(of role: RoleName, kind: ProviderKind) -> AskedRequest? {
        pages.withLock { pages in pages.requests.last { $0.origin.role == role && $0.call.kind == kind } }
    }
}

extension AskedRequest {
    fileprivate var bytes: Int {
        switch call {
        case .text(let call): call.messages.reduce(0) { $0 + $1.content.utf8.count }
        case .image(let call): call.prompt.utf8.count
        case .speech(let call): call.text.utf8.count
        }
    }
}
