import Core

/// Why no full-screen display can be opened.
public enum TerminalError: Error, Hashable, CustomStringConvertible {
    /// Input or output is a file, a pipe or closed.
    case notATerminal
    /// A terminal without cursor movement (`TERM=dumb`, or none named).
    case dumb(type: String)
    /// Neither this type nor `xterm-256color` is known on this machine.
    case unknownType(String)
    /// Another ``Screen`` of this process is open.
    case alreadyOpen
    /// The system refused something that the screen needs.
    case system(operation: String, code: Int32)

    public var description: String {
        switch self {
        case .notATerminal:
            "The dashboard needs a terminal for its input and output. For plain text use `questfoundry status`."
        case .dumb(let type):
            "The terminal is of type \(named(type)), which cannot show a dashboard. Set TERM, for instance to "
                + "xterm-256color, or use `questfoundry status` for plain text."
        case .unknownType(let type):
            "The terminal type \(named(type)) is unknown here, and so is xterm-256color. "
                + "Install the package ncurses-base."
        case .alreadyOpen: "The terminal already shows a dashboard of this process."
        case .system(let operation, let code): "The terminal cannot be opened: \(operation) failed (error \(code))."
        }
    }

    private func named(_ type: String) -> String { type.isEmpty ? "(TERM is not set)" : "“\(type.visible())”" }
}
