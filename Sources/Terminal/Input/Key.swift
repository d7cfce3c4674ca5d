/// A key as the terminal reports it.
public enum Key: Hashable, Sendable {
    case character(Character)
    case enter, escape, tab, backTab
    case up, down, left, right
    case pageUp, pageDown, home, end
    case backspace, delete
    /// With a lower-case letter or one of `@[\]^_`. Ctrl-H, Ctrl-I, Ctrl-J, Ctrl-M and Ctrl-[ are the keys that
    /// terminals send them for.
    case control(Character)
    /// F1 is 1.
    case function(Int)
}
