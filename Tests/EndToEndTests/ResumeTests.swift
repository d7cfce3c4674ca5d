import Core
import Foundation
import Studio
import SuiteKit
import TestKit
import Testing

/// The studio's whole run by the built program, killed in many of its steps and taken up again each time.
@Suite(.oneAtATime, .timeLimit(.minutes(20))) struct ResumeTests {
    /// What the program says before it is killed, as soon as it says it.
    enum Sign: String, CaseIterable {
        case started, answered, stored, noticed
    }

    private static let order = [
        "generate", "full_production_run", "--brief", "A lighthouse keeper finds a second light.", "--seed", "1",
    ]

    /// The book of a run that nobody disturbed.
    private static let undisturbed = Task {
        let project = try await Project()
        let outcome = try await project.run(order)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try BookFiles(in: project.path)
    }

    @Test(arguments: [Sign.started, .stored, .noticed])
    func theBookIsTheSameHoweverOftenTheRunIsKilled(sign: Sign) async throws {
        let project = try await Project()
        try await finish(project, afterKillsAt: sign, jobs: sign == .stored ? 4 : 1) {}
        #expect(try BookFiles(in: project.path) == (try await Self.undisturbed.value))
    }

    @Test func aKilledRunAsksNothingTwiceButWhatWasUnderWay() async throws {
        let server = try await EmbeddedStory.server()
        let project = try await Project(config: Project.config(server, maxTokens: 4096))
        // The last requests that a killed process made; one may arrive when it is dead.
        let kills = Recorder<Int>()
        try await finish(project, afterKillsAt: .answered, jobs: 1) { kills.append(server.served) }
        #expect(try BookFiles(in: project.path) == (try await Self.undisturbed.value))

        let asked = server.requests.map { $0.body.text() }
        let underWay = Set(kills.elements.flatMap { [$0 - 1, $0] }.filter(asked.indices.contains).map { asked[$0] })
        let repeated = Dictionary(grouping: asked) { $0 }.filter { $1.count > 1 }
        #expect(Set(repeated.keys).isSubset(of: underWay))
        #expect(asked.count - Set(asked).count <= kills.count)
    }

    /// Runs the order to its end, killed in one step after the other at a sign that the step gives.
    private func finish(
        _ project: Project, afterKillsAt sign: Sign, jobs: Int, killed: () -> Void
    ) async throws {
        let steps = try #require(Loop.named("full_production_run")).steps
        var words = Self.order + ["--jobs", "\(jobs)"]
        for path in Self.steps(giving: sign) {
            let index = try #require(steps.firstIndex { "\($0.loop)/\($0.name)" == path }, "\(path)")
            let program = [Program.path, "--project", project.path] + words
            let outcome = try await Program.start(
                ["-c", Self.killer, "killer", sign.pattern, "\(index + 1)"] + program, of: "/bin/bash",
                in: project.folder.path
            ).outcome()
            #expect(outcome.status == 128 + SIGKILL, "\(path): \(outcome.errors.suffix(2_000))")
            killed()
            words = ["resume"]
        }
        let outcome = try await project.run(words)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    /// Steps of every kind that give a sign, in their order.
    private static func steps(giving sign: Sign) -> [String] {
        let asking = [
            "story_spark/create_tu_brief", "story_spark/draft_scenes", "hook_harvest/collect_hooks",
            "hook_harvest/decide_triage", "lore_deepening/draft_canon", "codex_expansion/draft_entries",
            "scene_forge/gather_context", "scene_forge/draft_scenes", "scene_forge/style_pass",
            "style_tune_up/apply_revisions",
            "gatecheck/create_report", "archive_snapshot/create_snapshot",
        ]
        let binding = ["binding_run/generate_views", "binding_run/package"]
        switch sign {
        case .started:
            return asking + ["archive_snapshot/promote_to_cold", binding[0], "binding_run/export_files", binding[1]]
        case .noticed: return ["archive_snapshot/promote_to_cold", "binding_run/export_files"]
        case .answered: return asking + binding
        case .stored: return asking + [binding[0], "binding_run/export_files"]
        }
    }

    /// Runs a program and kills it at the first line of the step's progress that the pattern matches. A shell of its own, as
    /// the tests' threads may be busy when the line comes. Ends with 137 where it has killed it.
    private static let killer = """
        pattern=$1 step=$2; shift 2
        mkfifo progress.$$; "$@" 2> progress.$$ & program=$!
        begun=
        while IFS= read -r line; do
            [[ $line == "  $step "* ]] && begun=1
            [[ $begun && $line =~ $pattern ]] && kill -KILL $program && break
        done < progress.$$
        rm progress.$$; wait $program
        """
}

extension ResumeTests.Sign {
    /// What a line of progress looks like that is the sign, the step's first or a later one.
    fileprivate var pattern: String {
        switch self {
        case .started: #"^  .*\)$"#
        case .answered: "^    [^→]*→[^ ]"
        case .stored: "^    → "
        case .noticed: "^  .* cold|the book is in"
        }
    }
}
