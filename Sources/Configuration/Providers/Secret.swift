/// A value that must never be shown: printing, interpolating or mirroring it gives only where it comes from.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String
    /// The environment variable that holds the value; nil when it stands in the file.
    public let variable: String?

    public init(_ value: String, variable: String? = nil) {
        self.value = value
        self.variable = variable
    }

    /// The value itself, for the one place that sends it.
    package func reveal() -> String { value }

    /// `set (OPENAI_API_KEY)` or `set (in the file)`.
    public var description: String { "set (\(variable ?? "in the file"))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
