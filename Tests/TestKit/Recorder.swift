import Synchronization

/// What happened, in order, from any thread.
public final class Recorder<Element: Sendable>: Sendable {
    private let kept = Mutex<[Element]>([])

    public init() {}

    public func append(_ element: Element) { kept.withLock { $0.append(element) } }

    public var elements: [Element] { kept.withLock { $0 } }
    public var count: Int { elements.count }
}
