extension Screen {
    /// What a screen does beyond drawing; it may be changed while the screen is open.
    public struct Behaviour: Hashable, Sendable {
        /// Whether clicks and the wheel come as events; without that they are the terminal's own.
        public var usesMouse = false
        /// The signs to draw with; nil takes those that the character set has.
        public var glyphs: Glyphs?
        /// Whether frames are marked as such; nil marks them where the terminal says that it understands the marks.
        public var marksFrames: Bool?
        /// Whether ``Screen/call(_:)`` rings the terminal's bell.
        public var ringsBell = true
        /// Whether ``Screen/call(_:)`` has the terminal show its text as a notification, where it can.
        public var sendsNotifications = true

        public init() {}
    }

    /// What this terminal can draw frames and gauges with.
    public var glyphs: Glyphs { behaviour.glyphs ?? (isUTF8 ? .unicode : .ascii) }

    /// The marks that set the modes of ``enter()``.
    var modes: String {
        "\u{1B}[?2004h\u{1B}[?1004h\u{1B}[22;0t" + (behaviour.usesMouse ? Self.mouseOn : "")
            + (behaviour.marksFrames == nil ? Self.frameQuestion : "")
    }

    /// Clicks and the wheel, with places of any size.
    private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1000l"
    private static let frameQuestion = "\u{1B}[?2026$p"

    var isMarkingFrames: Bool { behaviour.marksFrames ?? decoder.hasSynchronizedOutput }

    func adapt(from former: Behaviour) {
        if behaviour.glyphs != former.glyphs {
            isPlain = glyphs == .ascii
            shown = nil
        }
        guard hasModes else { return }
        if behaviour.usesMouse != former.usesMouse { send(behaviour.usesMouse ? Self.mouseOn : Self.mouseOff) }
        if behaviour.marksFrames == nil, former.marksFrames != nil { send(Self.frameQuestion) }
    }
}
