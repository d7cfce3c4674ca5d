import CNcurses
import Glibc

/// What can be told of a terminal without taking it over.
public struct TerminalFacts: Hashable, Sendable {
    /// Its type, as `TERM` names it; empty when nothing does.
    public var type: String
    /// Whether standard input and output are one.
    public var isTerminal: Bool
    /// The colours of its type, 0 for none; nil where terminfo does not know the type.
    public var colors: Int?
    /// Whether the locale's character set has everything.
    public var isUTF8: Bool
    /// nil where standard output is no terminal.
    public var size: Size?

    /// The process's own terminal. Not while a ``Screen`` is open.
    public static func current() -> TerminalFacts {
        let type = getenv("TERM").map { String(cString: $0) } ?? ""
        let colors = type.isEmpty ? -1 : cn_colors_of(type)
        var (columns, rows): (Int32, Int32) = (0, 0)
        let hasSize = cn_window_size(STDOUT_FILENO, &columns, &rows)
        return TerminalFacts(
            type: type, isTerminal: isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1,
            colors: colors < 0 ? nil : Int(colors), isUTF8: cn_use_locale(),
            size: hasSize ? Size(width: Int(columns), height: Int(rows)) : nil)
    }
}
