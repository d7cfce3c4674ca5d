import Terminal

/// What the dashboard draws on and reads keys from; ``Screen`` is the one that does it.
protocol Display: AnyObject {
    var size: Size { get }
    var glyphs: Glyphs { get }
    /// Whether themes look different from each other.
    var hasColors: Bool { get }
    var behaviour: Screen.Behaviour { get set }
    /// What everything is drawn in; where the terminal shows no colours that is `mono`, whatever is set.
    var theme: Theme { get set }
    var title: String { get set }
    /// What the writer should know about the terminal.
    var notice: String? { get }
    /// Makes ``nextEvent(timeoutMilliseconds:)`` return; may be called from any thread.
    var wake: @Sendable () -> Void { get }
    func nextEvent(timeoutMilliseconds: Int?) -> InputEvent?
    func draw(_ canvas: Canvas)
    /// Calls the writer, who may be looking elsewhere.
    func call(_ text: String)
    /// Puts a text into the terminal's clipboard, where it lets programs.
    func copy(_ text: String)
    /// Gives the terminal to somebody else for as long as the body runs.
    func lend(_ body: () -> Void)
    func redraw()
    func suspend()
    func close()
}

extension Screen: Display {
    var hasColors: Bool { colors != .none }

    var wake: @Sendable () -> Void {
        let handle = wakeHandle
        return { handle.wake() }
    }
}
