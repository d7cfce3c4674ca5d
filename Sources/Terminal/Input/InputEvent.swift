/// What ``Screen/nextEvent(timeoutMilliseconds:)`` may return.
public enum InputEvent: Hashable, Sendable {
    case key(Key)
    /// Only where ``Screen/Behaviour/usesMouse`` asks for it.
    case mouse(MouseEvent)
    /// Text put in through the terminal's paste, with its lines; at most 1 MiB, not yet made visible.
    case paste(String)
    /// The screen has a new size; several changes in a row come as one. The next draw is a full one.
    case resize(Size)
    /// SIGINT, SIGTERM, SIGHUP or SIGQUIT came from outside (Ctrl-C is a key); SIGHUP also when the terminal is gone.
    case signal(Int32)
    /// Somebody called ``WakeHandle/wake()``; several calls come as one.
    case wake
    /// The program was stopped and goes on; the next draw is a full one.
    case suspendResumed
}
