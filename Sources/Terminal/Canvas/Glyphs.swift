/// The signs that are no letters: one set for UTF-8 terminals, one that every terminal has.
///
/// All strings are one cell wide unless said otherwise.
public struct Glyphs: Hashable, Sendable {
    public var topLeft, topRight, bottomLeft, bottomRight: String
    public var horizontal, vertical: String
    /// Ends a text that was cut; up to three cells.
    public var ellipsis: String
    /// Marks the selected row.
    public var pointer: String
    /// Leads from one thing to the next.
    public var arrow: String
    /// Between two facts on a line.
    public var separator: String
    public var warning, success, failure: String
    /// Where text is being written.
    public var cursor: String
    /// More above, more below.
    public var up, down: String
    /// Parts of a filled cell, the last one full.
    public var gaugeSteps: [String]
    public var gaugeTrack: String
    /// Done, the tip, and to do of a line of progress.
    public var progressDone, progressTip, progressRest: String
    /// Heights from lowest to full.
    public var sparks: [String]

    public static let unicode = Glyphs(
        topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯", horizontal: "─", vertical: "│",
        ellipsis: "…", pointer: "▸", arrow: "→", separator: "·", warning: "⚠", success: "✓", failure: "✗",
        cursor: "▌", up: "↑", down: "↓",
        gaugeSteps: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"], gaugeTrack: "░",
        progressDone: "━", progressTip: "╸", progressRest: "─",
        sparks: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"])

    public static let ascii = Glyphs(
        topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", horizontal: "-", vertical: "|",
        ellipsis: "...", pointer: ">", arrow: ">", separator: "-", warning: "!", success: "+", failure: "x",
        cursor: "_", up: "^", down: "v",
        gaugeSteps: ["#"], gaugeTrack: "-",
        progressDone: "=", progressTip: ">", progressRest: "-",
        sparks: ["_", ".", ":", "-", "=", "+", "*", "#"])
}
