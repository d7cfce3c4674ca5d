import TestKit

@testable import Terminal

extension PseudoTerminal {
    /// What a screen needs to be shown on it.
    var options: Screen.Options {
        var options = Screen.Options()
        (options.input, options.output) = (slave, slave)
        (options.type, options.usesColor) = ("xterm-256color", true)
        options.behaviour.glyphs = .unicode
        return options
    }
}
