import Configuration
import Terminal

/// How the dashboard looks and what it listens to, as its configuration says.
package struct Preferences: Sendable {
    var theme: Theme
    var keymap: Keymap
    var behaviour: Screen.Behaviour
    /// How often a second events are drawn at most.
    var refreshHz: Int

    /// `theme` is the one that the settings name, or what stands for it.
    init(_ settings: DashboardSettings, theme: Theme) {
        self.theme = theme
        keymap = Keymap.rebinding(settings.keys).keymap
        refreshHz = settings.refreshHz
        behaviour = Screen.Behaviour()
        behaviour.usesMouse = settings.mouse
        behaviour.ringsBell = settings.bell
        behaviour.sendsNotifications = settings.notifications
        behaviour.glyphs = [.always: .ascii, .never: .unicode][settings.ascii]
        behaviour.marksFrames = [.always: true, .never: false][settings.synchronizedOutput]
    }
}
