/// Everything that is wrong with a theme's file.
public struct ThemeError: Error, Hashable, CustomStringConvertible {
    /// One mistake; line and column count from 1.
    public struct Problem: Hashable, Sendable, CustomStringConvertible {
        public var line: Int
        public var column: Int
        public var message: String

        public var description: String { "line \(line), column \(column): \(message)" }
    }

    /// The file, or the theme's name.
    public var source: String
    /// In the order of the file; at least one.
    public var problems: [Problem]

    public var description: String {
        problems.map { "\(source), \($0)" }.joined(separator: "\n")
    }
}
