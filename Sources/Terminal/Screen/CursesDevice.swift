import CNcurses
import Glibc

/// One terminal opened by ncurses, and what it takes to put it back.
struct CursesDevice {
    let keyWindow: UnsafeMutablePointer<WINDOW>
    /// Whether it is a terminal of today, which also may be asked for what terminfo does not describe.
    let hasAlternateScreen: Bool
    let notice: String?
    private let screen: OpaquePointer
    private let files: [UnsafeMutablePointer<FILE>]

    /// Ends synchronized output, bracketed paste, reports of mouse and focus, puts the window's title back.
    static let leaveModes =
        "\u{1B}[?2026l\u{1B}[?2004l\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?1004l\u{1B}[23;0t"

    private static let fallback = "xterm-256color"

    init(_ options: Screen.Options) throws(TerminalError) {
        guard cn_guard_remember(options.output) else { throw .system(operation: "tcgetattr", code: errno) }
        let output = try Self.file(of: options.output, mode: "w")
        let input = try Self.file(of: options.input, mode: "r")
        files = [output, input]
        // The size comes from the terminal, not from LINES and COLUMNS of the shell that it was started in.
        use_env(false)
        use_tioctl(true)
        if let opened = newterm(options.type, output, input) {
            (screen, notice) = (opened, nil)
        } else if let opened = newterm(Self.fallback, output, input) {
            let hint = "Install ncurses-term, or set TERM."
            (screen, notice) = (
                opened, "Terminal type \(options.type) is unknown here, using \(Self.fallback). \(hint)"
            )
        } else {
            for file in files { fclose(file) }
            throw .unknownType(options.type)
        }
        guard let pad = newpad(1, 1) else { throw .system(operation: "newpad", code: ENOMEM) }
        keyWindow = pad
        hasAlternateScreen = cn_capability("smcup") != nil
        Self.setModes(pad)
    }

    private static func file(of descriptor: Int32, mode: String) throws(TerminalError) -> UnsafeMutablePointer<FILE> {
        let copy = dup(descriptor)
        guard copy >= 0, let file = fdopen(copy, mode) else { throw .system(operation: "fdopen", code: errno) }
        return file
    }

    private static func setModes(_ keyWindow: UnsafeMutablePointer<WINDOW>) {
        raw()
        noecho()
        nonl()
        // A frame is drawn whole even when a key is waiting.
        typeahead(-1)
        leaveok(cn_stdscr(), true)
        keypad(keyWindow, true)
        nodelay(keyWindow, true)
        set_escdelay(25)
        // Reports of the mouse are read here, in the one form that knows places beyond column 223.
        define_key(nil, KEY_MOUSE)
        for entry in KeyDecoder.sequences { define_key(entry.sequence, entry.number) }
    }

    /// What a crash handler writes, which can ask nobody any more.
    var resetText: String {
        let names = ["sgr0", "op", "rmkx", "cnorm", "rmcup"]
        let text = names.compactMap { name in cn_capability(name).map { String(cString: $0) } }.joined()
        // `$<5>` asks for a delay that no terminal needs any more.
        return (hasAlternateScreen ? Self.leaveModes : "") + text.replacing(/\$<[^>]*>/, with: "")
    }

    func close() {
        endwin()
        delwin(keyWindow)
        delscreen(screen)
        for file in files { fclose(file) }
    }
}
