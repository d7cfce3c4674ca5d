import CNcurses
import Core
import Foundation
import Glibc
import Synchronization

/// The terminal as a full screen of cells, the only owner of ncurses.
///
/// A process has one at a time, made, used and closed on one thread. Everything else only wakes it. However the
/// program ends, except by SIGKILL, the terminal is what it was before.
public final class Screen {
    /// What a screen takes from its surroundings; by default the process's own terminal.
    public struct Options {
        public var input: Int32 = STDIN_FILENO
        public var output: Int32 = STDOUT_FILENO
        /// The terminal's type, usually `TERM`.
        public var type = environment("TERM")
        /// False shows everything in the terminal's own two colours, as `NO_COLOR` asks.
        public var usesColor = environment("NO_COLOR").isEmpty
        public var behaviour = Behaviour()

        public init() {}
    }

    /// The canvas to draw on; changes come as ``InputEvent/resize(_:)``.
    public internal(set) var size: Size
    public var behaviour: Behaviour {
        didSet { if behaviour != oldValue { adapt(from: oldValue) } }
    }
    public let colors: ColorDepth
    /// The theme, or the built-in `mono` where the terminal has no colours.
    public var theme: Theme {
        didSet { theme = Self.fitting(theme, colors) }
    }
    /// What the user should know about this terminal, if anything.
    public let notice: String?
    /// Wakes ``nextEvent(timeoutMilliseconds:)`` from any thread.
    public let wakeHandle: WakeHandle
    /// The title of the terminal's window, where it has one; the former title comes back at the end.
    public var title = "" {
        didSet { if title != oldValue { sendTitle() } }
    }

    let options: Options
    /// Whether the character set of the locale has everything.
    let isUTF8: Bool
    /// Whether signs of our own texts are drawn with the few that every terminal has.
    var isPlain: Bool
    let wakePipe: EventPipe
    let signalPipe: EventPipe
    /// Keys are read from a pad: reading from a window would also draw it.
    let keyWindow: UnsafeMutablePointer<WINDOW>
    var decoder = KeyDecoder()
    var ready: [InputEvent] = []
    var mayHaveMoreInput = false
    var isHungUp = false

    /// The canvas on the terminal; nil when what is there is not known.
    var shown: Canvas?
    /// The canvas that waits for the terminal to take it.
    var waiting: Canvas?
    var pairs: ColorPairs
    var letters: [wchar_t] = []

    private let device: CursesDevice
    private var isOpen = true

    /// Takes the terminal over: alternate screen, no echo, no cursor, keys one by one, pastes as such.
    ///
    /// Nothing waits for an answer of the terminal. The first frame comes with the first ``draw(_:)``.
    public static func open(theme: Theme, options: Options = Options()) throws(TerminalError) -> Screen {
        guard isatty(options.input) == 1, isatty(options.output) == 1 else { throw .notATerminal }
        guard !["", "dumb"].contains(options.type) else { throw .dumb(type: options.type) }
        guard openScreens.compareExchange(expected: 0, desired: 1, ordering: .sequentiallyConsistent).exchanged else {
            throw .alreadyOpen
        }
        do {
            return try Screen(theme: theme, options: options)
        } catch {
            openScreens.store(0, ordering: .sequentiallyConsistent)
            throw error
        }
    }

    private init(theme: Theme, options: Options) throws(TerminalError) {
        self.options = options
        isUTF8 = cn_use_locale()
        behaviour = options.behaviour
        isPlain = !isUTF8 || options.behaviour.glyphs == .ascii
        wakePipe = try EventPipe()
        signalPipe = try EventPipe()
        wakeHandle = WakeHandle(pipe: wakePipe)
        device = try CursesDevice(options)
        keyWindow = device.keyWindow
        notice = device.notice
        pairs = ColorPairs(depth: ColorPairs.startColors(isWanted: options.usesColor))
        colors = pairs.palette.depth
        self.theme = Self.fitting(theme, colors)
        size = Size(width: 0, height: 0)
        let reset = device.resetText
        cn_guard_start(signalPipe.writing, reset, reset.utf8.count)
        measure()
        enter()
    }

    deinit { close() }

    /// Gives the terminal back. Calls after the first do nothing.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        leave()
        device.close()
        cn_guard_end()
        wakePipe.close()
        signalPipe.close()
        openScreens.store(0, ordering: .sequentiallyConsistent)
    }

    /// Calls whoever may be looking elsewhere, as far as that is wanted; not where the terminal does not keep up. A terminal
    /// that says that it is being looked at shows no notification.
    public func call(_ text: String) {
        guard isWritable else { return }
        if behaviour.sendsNotifications, !decoder.hasFocus, hasModes {
            send("\u{1B}]9;" + text.prefix(200).visible() + "\u{7}")
        }
        if behaviour.ringsBell { send("\u{7}") }
    }

    /// Puts a text into the clipboard of a terminal that lets programs (OSC 52); others ignore it. Not where the terminal
    /// does not keep up.
    public func copy(_ text: String) {
        guard isWritable, device.hasAlternateScreen else { return }
        send("\u{1B}]52;c;" + Data(text.utf8).base64EncodedString() + "\u{7}")
    }

    /// Stops the program as Ctrl-Z does in others, with the terminal given back meanwhile; returns when it goes on.
    public func suspend() { lend { cn_guard_stop_process() } }

    /// Gives the terminal to somebody else for as long as the body runs.
    public func lend(_ body: () -> Void) {
        leave()
        endwin()
        cn_guard_set_active(false)
        body()
        takeBack()
    }

    /// Sets the modes again and repaints, after the program was stopped or somebody else had the terminal.
    func takeBack() {
        cn_guard_set_active(true)
        reset_prog_mode()
        let former = size
        measure()
        enter()
        if size == former { redraw() } else { enqueueResize() }
    }

    private func enter() {
        // Flushes what ncurses has written so far, so that the question below goes to the alternate screen, where
        // the first frame covers what a terminal might print that does not understand it.
        curs_set(0)
        guard hasModes else { return }
        send(modes)
        if !title.isEmpty { sendTitle() }
    }

    /// Whether it is a terminal of today, which has more than terminfo describes.
    var hasModes: Bool { device.hasAlternateScreen }

    private func leave() {
        if hasModes { send(CursesDevice.leaveModes) }
    }

    /// Reads the size of the terminal and tells ncurses.
    func measure() {
        var (columns, rows): (Int32, Int32) = (80, 24)
        _ = cn_window_size(options.output, &columns, &rows)
        resizeterm(rows, columns)
        size = Size(width: Int(columns), height: Int(rows))
        shown = nil
    }

    private func sendTitle() {
        guard hasModes else { return }
        send("\u{1B}]0;" + title.prefix(200).visible() + "\u{7}")
    }

    /// Writes to the terminal past ncurses; nothing may be in the buffer of ncurses then.
    func send(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(options.output, $0.baseAddress, $0.count) }
            if count > 0 { bytes = bytes.dropFirst(count) }
            if count <= 0, errno != EINTR, errno != EAGAIN { return }
        }
    }

    private static func fitting(_ theme: Theme, _ colors: ColorDepth) -> Theme {
        colors == .none ? Theme.builtIn("mono") ?? Theme() : theme
    }
}

/// 1 while a screen of this process is open: ncurses and signal handlers belong to the whole process.
private let openScreens = Atomic(0)

private func environment(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
