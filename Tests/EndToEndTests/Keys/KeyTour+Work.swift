import Core
import Foundation
import TestKit

/// What changes the workspace, what is read in it, and a run that is steered.
extension KeyTour {
    static let workspace = KeyTour(
        name: "the workspace", width: 120, height: 40,
        workspace: {
            let project = try await Project(
                config: """
                    providers:
                      text:
                        default: one
                        one: { type: embedded }
                        two: { type: embedded }
                    rate_limiting:
                      global: { cost_per_day: 5.00 }
                    """)
            return (project, nil)
        },
        steps: [
            .key("g", shows: "It costs nothing."), .press("Enter"), .see("story_spark is done"),
            .check("the loop stored its scenes") { try $0.files("hot/scenes") == 4 },

            .press("6"), .key("Home", hides: "story_spark done"), .key("End", shows: "story_spark done"),

            .press("1", "↓"), .see("▸gatekeeper"), .key("p", shows: "Provider of gatekeeper"), .see("two embedded"),
            .press("↓", "Enter"), .see("gatekeeper uses two from its next request on"),
            .check("the switch is kept") { try await $0.provider(of: "gatekeeper") == "two" },
            // Activity, at its end again, has followed.
            .see("gatekeeper now uses two"),
            .key("u", shows: "undone: the switch of gatekeeper to two"),
            .check("the switch is taken back") { try await $0.provider(of: "gatekeeper") == "one" },

            .key("+", shows: "Raise a limit"), .press("Enter"), .see("0/6.25"),
            .check("the limit is raised") { try await $0.project.run("limits").output.contains("6.25") },
            .key("-", shows: "Lower a limit"), .press("Enter"), .see("0/5.00"),
            .check("the limit is lowered") { try await !$0.project.run("limits").output.contains("6.25") },

            .key("x", shows: "No entry is expired."), .press("End"), .see("It removes 16 entries"), .press("Enter"),
            .see("Cancel"), .press("→", "Enter"), .see("Removed 16 entries"),
            .check("the cache is empty") { try await $0.project.document("cache", "stats", "--json")["entries"] == 0 },

            .key("b", shows: "make a backup now"), .press("Enter"), .see(" is made: "),
            .check("the backup is there") { try $0.files("backups") == 1 },
            .key("m", shows: "The workspace has version 2."), .see("A backup is made first"), .press("Enter"),
            .see("Cancel"), .press("→", "Enter"), .see("The workspace has version 1 now"),
            .check("the workspace has the version") {
                try await $0.project.document("state", "status", "--json")["schema_version"] == 1
            },
            .leave(),
        ])

    /// Two takes of a story: tables, texts and takes.
    static let reader = KeyTour(
        name: "the reader", width: 120, height: 40, workspace: { (try await Project.inTwoTakes(), nil) },
        environment: { ["VISUAL": try $0.editor()] },
        steps: [
            .press("2", "Enter"), .see("by role · today"), .see("saved $↓"),
            .key("w", shows: "by role · month"), .key("s", shows: "saved tok↓"),
            .key("v", shows: "by provider · month"),
            .press("v", "v", "v", "v"), .see("32 entries"),
            .key("Enter", shows: "The prompt is not kept."), .dialogKey("Esc", hides: "The prompt is not kept."),
            .key("d", shows: "Asked for again it is paid for again"), .press("→", "Enter"), .see("31 entries"),

            .press("5"), .see("v lists every artifact"), .press("v", "v"), .see("Enter read"),
            .key("/", shows: "Filter the list"), .type("scene hot t2"), .press("Enter"), .see("4 of 24 with"),
            .key("Enter", shows: "take 2 of 2"),
            .key("]", shows: "take 1 of 2"), .key("a", shows: "✓ counts"), .key("[", shows: "take 2 of 2"),
            .press("/"), .see("Find in the text"), .type("the"), .press("Enter"), .see("\"the\": 1 of "),
            .key("f", shows: "\"the\": 2 of "), .key("F", shows: "\"the\": 1 of "),
            .key("y", shows: "Copied the text of SCENE-"),
            .check("the text is copied") { stage in
                let copied = try await stage.terminal.clipboard()
                let screen = try await stage.terminal.screen()
                return copied.count > 200 && screen.contains(copied.prefix(40))
            },
            .key("e", shows: "the editor has the screen"), .press("Enter"), .see("is revision 2 now."),
            .see("The sun."),
            .key("d", shows: "keeps it for 30 days"), .press("→", "Enter"), .see("is in the bin"),
            .check("it left the scenes") { try $0.files("hot/scenes") == 7 },
            .leave(),
        ])

    static let run = KeyTour(
        name: "the run", width: 120, height: 40,
        workspace: {
            let slow = try await SlowServer(alsoAt: ["scene"], answer: FakeStory.asking)
            return (try await Project(config: Project.config(slow.server)), slow)
        },
        steps: [
            .key("g", shows: "It costs at most"), .press("Enter"), .act { await $0.slow?.asked.wait() },
            .key("Space", shows: "The run pauses after this step"), .act { $0.slow?.go.fire() },
            .see("The run stands still."),
            .key("n", shows: "Note for the next step"), .type("No ghosts."), .press("Enter"),
            .see("The note goes into the next step's prompts."),
            .key("r", shows: "Redo generate_hooks"), .see("It costs at most"), .press("→", "Enter"),
            .see("The run stands still."),
            .key("q", shows: "Quit when it is done"), .dialogKey("Esc", hides: "Quit when it is done"),
            .key("Ctrl-C", shows: "Quit when it is done"), .dialogKey("Esc", hides: "Quit when it is done"),
            .key("Space", shows: "Is the keeper alive?"), .dialogKey("Esc", hides: "or your own answer"),
            .key("i", shows: "or your own answer"), .press("Enter"), .act { await $0.slow?.asked.wait() },
            .check("the step was done again") { $0.prompts("form: hooks") == 2 },
            .check("the note was read") { $0.prompts("No ghosts.") > 0 },
            .check("the answer was read") { $0.prompts("The writer answered: Yes") > 0 },
            .key("c", shows: "The step is stopped."), .key("c", shows: "The run was cancelled"),
            .act { $0.slow?.go.fire() },
            .leave(),
        ])
}

extension KeyTour.Stage {
    /// How many files, or folders, a folder of the workspace has.
    fileprivate func files(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: project.path + "/.questfoundry/" + folder).count
    }

    /// How many prompts with some words in them have come to the server.
    fileprivate func prompts(_ words: String) -> Int {
        slow?.server.requests.count { $0.prompt.contains(words) } ?? 0
    }

    fileprivate func provider(of role: String) async throws -> String? {
        let roles = try await project.document("roles", "list", "--json")
        return roles.array?.first { $0["role"]?.string == role }?["provider"]?.string
    }
}
