import Core
import Terminal

/// A paragraph of a dialog.
struct DialogNote: Sendable {
    /// Stands before the text, which is indented by it.
    var lead: String
    var text: String
    var tone: Tone?

    init(_ text: String, _ tone: Tone? = nil, lead: String = "") {
        self.text = text
        self.tone = tone
        self.lead = lead
    }
}

/// What stands in front of the panes and takes the keys. A dialog is one file.
protocol Dialog: Sendable {
    var title: String { get }
    /// What Enter does, in a word; empty when it only closes.
    var acceptLabel: String { get }
    var form: Form { get set }
    /// What stands before the fields.
    func intro(_ state: DashboardState) -> [DialogNote]
    /// What stands behind the fields.
    func notes(_ state: DashboardState) -> [DialogNote]
    /// Called after a value of the form has changed.
    mutating func formChanged(_ state: DashboardState) -> [Effect]
    /// Takes in what an effect brought; returns whether the Enter that waited for it may go on.
    mutating func receive(_ event: DashboardEvent) -> Bool
    /// Does what the dialog is for. The dialog is closed by then; to stay it puts itself back into the state.
    func accept(_ state: inout DashboardState) -> [Effect]
    /// What has to be done when the dialog is closed without doing anything.
    var closeEffects: [Effect] { get }
    /// The looks that the whole screen has as long as the dialog is open; nil leaves them alone.
    var preview: Theme? { get }
}

extension Dialog {
    func intro(_ state: DashboardState) -> [DialogNote] { [] }
    func notes(_ state: DashboardState) -> [DialogNote] { [] }
    mutating func formChanged(_ state: DashboardState) -> [Effect] { [] }
    mutating func receive(_ event: DashboardEvent) -> Bool { false }
    var closeEffects: [Effect] { [] }
    var preview: Theme? { nil }
}
