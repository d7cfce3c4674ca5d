import TestKit

/// Moving about, dialogs, and the screen itself.
extension KeyTour {
    /// Where only the focused pane has room.
    static let focus = KeyTour(
        name: "the focus", width: 40, height: 10,
        steps: [
            .key("Tab", shows: "2 Cache"), .key("→", shows: "3 Limits"), .key("l", shows: "4 Cost"),
            .key("Shift-Tab", shows: "3 Limits"), .key("←", shows: "2 Cache"), .key("h", shows: "1 Roles"),
        ] + (DashboardTests.panes.dropFirst() + ["8 Loop", "1 Roles"]).map { .key(String($0.prefix(1)), shows: $0) }
            + [.leave("Ctrl-C")])

    static let screen = KeyTour(
        name: "the screen",
        steps: [
            .key("↓", shows: "▸gatekeeper"), .key("j", shows: "▸plotwright"), .key("k", shows: "▸gatekeeper"),
            .key("↑", shows: "▸showrunner"), .key("PgDn", shows: "▸style_lead"), .key("PgUp", shows: "▸showrunner"),
            .key("End", shows: "▸player_narrator"), .key("Home", shows: "▸showrunner"),
            .key("Enter", shows: "showrunner · settings"), .key("Esc", hides: "showrunner · settings"),
            .press("Enter"), .see("showrunner · settings"), .key("Backspace", hides: "showrunner · settings"),
            .press("c"), .see("Nothing is running."), .key("Esc", hides: "Nothing is running."),
            .key("?", shows: "In Roles"), .dialogKey("End", shows: "In a dialog"),
            .dialogKey("Home", shows: "In Roles"), .dialogKey("Esc", hides: "In Roles"),
            .key("Ctrl-Z", shows: "Stopped"), .type("fg"), .press("Enter"), .see("q quit"),
            .act { try await $0.terminal.scribble("something else was here") }, .see("something else was here"),
            .key("Ctrl-L", hides: "something else was here"), .see("7 State"),
            .leave(),
        ])

    static let dialogs = KeyTour(
        name: "the dialogs", height: 30,
        steps: [
            // Fields.
            .press("g"), .see("It costs nothing."),
            .dialogKey("→", shows: "◂ Hook harvest ▸"), .dialogKey("l", shows: "◂ Lore deepening ▸"),
            .dialogKey("←", shows: "◂ Hook harvest ▸"), .dialogKey("h", shows: "◂ Story spark ▸"),
            .dialogKey("Tab", shows: "▸ brief"), .dialogKey("Shift-Tab", shows: "▸ loop"),
            .dialogKey("j", shows: "▸ brief"), .dialogKey("↓", shows: "▸ scenes"), .dialogKey("↑", shows: "▸ brief"),
            // Text, where letters are typed.
            .type("hjkl"), .see("hjkl"), .dialogKey("←", typing: "1", shows: "hjk1l"),
            .dialogKey("Home", typing: "2", shows: "2hjk1l"), .dialogKey("→", typing: "3", shows: "2h3jk1l"),
            .dialogKey("End", typing: "4", shows: "2h3jk1l4"),
            .dialogKey("Esc", hides: "2h3jk1l4"),
            // Lists.
            .press(":"), .see("▸ generate"),
            .dialogKey("PgDn", shows: "▸ note (not now)"), .dialogKey("PgUp", shows: "▸ generate"),
            .key("Esc", in: .dialog, hides: "▸ generate"),
            .key(":", shows: "part of an action's name"), .type("theme"), .see("▸ theme"), .press("Enter"),
            .see("▸ foundry"), .press("Esc"),
            .key("t", shows: "▸ foundry"),
            .dialogKey("↓", shows: "▸ parchment"), .dialogKey("j", shows: "▸ high-contrast"),
            .dialogKey("k", shows: "▸ parchment"), .dialogKey("↑", shows: "▸ foundry"),
            .dialogKey("End", shows: "▸ mono"), .dialogKey("Home", shows: "▸ foundry"),
            .press("Down"), .dialogKey("Enter", shows: "The theme is parchment from now on."),
            .check("the theme is kept") {
                try await $0.project.run("config", "show").output.contains("dashboard.theme: parchment")
            },
            .leave(),
        ])
}
