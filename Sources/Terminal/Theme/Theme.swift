/// The looks by meaning: a pane asks for `theme.warning`, never for a colour.
///
/// Styles without a background are drawn on whatever is beneath them.
public struct Theme: Hashable, Sendable {
    public var name = "plain"
    /// What the theme looks like, in a few words.
    public var about = ""

    /// Everything else stands on this; its background is the screen's.
    public var text = Style.plain
    public var muted = Style.plain
    public var strong = Style.plain
    public var accent = Style.plain
    public var good = Style.plain
    public var warning = Style.plain
    public var bad = Style.plain

    public var title = Style.plain
    public var titleFocused = Style.plain
    public var border = Style.plain
    public var borderFocused = Style.plain
    /// The line at the top of the screen.
    public var header = Style.plain
    /// Names of columns.
    public var columnTitle = Style.plain
    public var selection = Style.plain
    /// The selected row of a pane that is not focused.
    public var selectionUnfocused = Style.plain

    /// A key in the footer, in titles and in help, and what it does.
    public var key = Style.plain
    public var keyLabel = Style.plain

    public var dialog = Style.plain
    public var dialogTitle = Style.plain
    public var button = Style.plain
    public var buttonFocused = Style.plain
    public var input = Style.plain
    /// The cell where the next character goes.
    public var cursor = Style.plain

    public var gaugeFill = Style.plain
    public var gaugeTrack = Style.plain
    public var sparkline = Style.plain
    /// Colours of a gauge from calm to alarming; empty where `gaugeFill` says all.
    public var gaugeColors: [Color] = []

    /// Nothing but the terminal's own colours.
    public init() {}

    /// The style of a gauge that is that full: 0 is calm, 1 alarming; others are cut.
    public func gauge(fraction: Double) -> Style {
        guard let last = gaugeColors.indices.last else { return gaugeFill }
        var style = gaugeFill
        let place = (fraction.isFinite ? min(1, max(0, fraction)) : 0) * Double(last)
        let lower = min(Int(place), max(0, last - 1))
        let upper = min(lower + 1, last)
        style.foreground = gaugeColors[lower].mixed(with: gaugeColors[upper], fraction: place - Double(lower))
        return style
    }

    /// Every style by the name it has in a theme's file.
    static let styles: [(name: String, path: any WritableKeyPath<Theme, Style> & Sendable)] = [
        ("text", \.text), ("muted", \.muted), ("strong", \.strong), ("accent", \.accent),
        ("good", \.good), ("warning", \.warning), ("bad", \.bad),
        ("title", \.title), ("title_focused", \.titleFocused),
        ("border", \.border), ("border_focused", \.borderFocused),
        ("header", \.header), ("column_title", \.columnTitle),
        ("selection", \.selection), ("selection_unfocused", \.selectionUnfocused),
        ("key", \.key), ("key_label", \.keyLabel),
        ("dialog", \.dialog), ("dialog_title", \.dialogTitle),
        ("button", \.button), ("button_focused", \.buttonFocused), ("input", \.input), ("cursor", \.cursor),
        ("gauge_fill", \.gaugeFill), ("gauge_track", \.gaugeTrack), ("sparkline", \.sparkline),
    ]
}
