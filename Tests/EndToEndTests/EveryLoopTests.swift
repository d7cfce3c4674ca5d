import Core
import Foundation
import SuiteKit
import TestKit
import Testing

/// Every loop as it is ordered from the command line, on the embedded provider: with nothing to read, and with everything.
@Suite(.oneAtATime, .timeLimit(.minutes(20))) struct EveryLoopTests {
    static let loops = [
        "story_spark", "hook_harvest", "lore_deepening", "codex_expansion", "scene_forge", "style_tune_up",
        "art_touch_up",
        "audio_pass", "translation_pass", "gatecheck", "narration_dry_run", "binding_run", "archive_snapshot",
        "post_mortem", "full_production_run",
    ]
    private static let fromNothing: Set = ["story_spark", "full_production_run"]

    /// Runs a loop, which succeeds; the finding that it has nothing to read, nil when it has.
    private func finding(_ loop: String, in project: Project) async throws -> String? {
        let outcome = try await project.run("generate", loop, "--seed", "7", "--count", "2", "--json")
        #expect(outcome.status == 0, "\(loop): \(outcome.errors)")
        #expect(try JSONValue(parsing: outcome.output)["state"]?.string == "done", "\(loop)")
        return outcome.errors.split(separator: "\n").first { $0.contains("\(loop) has nothing to read") }.map(
            String.init)
    }

    @Test func theLoopsAreAllThatThereAre() async throws {
        let listed = try await Project().document("loops", "list", "--json")
        #expect(listed.array?.compactMap { $0["name"]?.string } == Self.loops)
    }

    /// Runs a loop, and before it whichever its finding names, until nothing is missing.
    @Test(arguments: loops) func theLoopThatAFindingNamesMakesWhatIsMissing(loop: String) async throws {
        let project = try await Project()
        var ordered = [loop]
        var runs = 0
        while let next = ordered.last, runs < 12 {
            runs += 1
            guard let finding = try await finding(next, in: project) else {
                ordered.removeLast()
                continue
            }
            let maker = try #require(finding.firstMatch(of: /; ([a-z_]+) makes it/), "\(finding)")
            ordered.append(String(maker.1))
        }
        #expect(ordered.isEmpty, "still missing something: \(ordered)")
        #expect(Self.fromNothing.contains(loop) == (runs == 1))
    }

    @Test func everyLoopRunsOnAFinishedBookOrSaysHowToTakeItBack() async throws {
        let project = try await Project()
        #expect(try await finding("full_production_run", in: project) == nil)
        for loop in Self.loops.dropLast() {
            guard let finding = try await finding(loop, in: project) else { continue }
            let remedy = try #require(
                finding.firstMatch(of: /questfoundry artifacts demote ([A-Z0-9-]+)/), "\(finding)")
            let demoted = try await project.run("artifacts", "demote", String(remedy.1))
            #expect(demoted.status == 0, "\(demoted.errors)")
            #expect(try await self.finding(loop, in: project) == nil)
        }
    }

    @Test func aLoopSaysThatNothingAmongTheChosenInputsIsOfItsKind() async throws {
        let project = try await Project()
        _ = try await finding("story_spark", in: project)
        let outcome = try await project.run("generate", "hook_harvest", "--input", "NO-SUCH")
        #expect(outcome.status == 0 && outcome.errors.contains("no hook_card among what --input names"))
    }

    @Test func hookHarvestSeesTheHooksOfAnEarlierSession() async throws {
        let project = try await Project()
        _ = try await finding("story_spark", in: project)
        for pass in 1...2 {
            let report = try await project.document("generate", "hook_harvest", "--seed", "7", "--json")
            let hooks = (report["artifacts"]?.array ?? []).filter { $0["type"]?.string == "hook_card" }
            #expect(hooks.count == 5, "pass \(pass)")
            for hook in hooks {
                let stored = try project.artifact(try #require(hook["path"]?.string))
                #expect(stored["data"]?["title"]?.string != nil && stored["data"]?["tags"]?.array?.isEmpty == false)
            }
        }
    }
}
