import Core
import Foundation
import TestKit
import Testing
import Workspace

/// What a person does with artifacts on the command line.
@Suite(.timeLimit(.minutes(10))) struct ArtifactsCommandTests {
    /// A workspace with a story of one scene.
    private func story() async throws -> Project {
        let project = try await Project()
        _ = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        return project
    }

    private func ids(_ project: Project, _ type: String) async throws -> [String] {
        let list = try await project.document("artifacts", "list", "--type", type, "--hot", "--json")
        return (list["artifacts"]?.array ?? []).compactMap { $0["id"]?.string }
    }

    private func scene(_ project: Project) async throws -> String {
        try #require(try await ids(project, "scene").first)
    }

    private func show(_ project: Project, _ id: String) async throws -> JSONValue {
        try await project.document("artifacts", "show", id, "--json")
    }

    /// An editor that does a shell script to the file, which it finds as `$1`.
    private func editor(_ project: Project, _ script: String) throws -> [String: String] {
        let path = project.folder.file("editor \(UUID().uuidString)")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
        return ["VISUAL": "'\(path)'", "EDITOR": "false"]
    }

    private func edits(_ project: Project) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: project.path + "/.questfoundry/edits")) ?? []
    }

    // MARK: - Looking

    @Test func artifactsAreListedAndShown() async throws {
        let project = try await story()
        let all = try await project.document("artifacts", "list", "--json")
        let first = try #require(all["artifacts"]?.array?.first { $0["type"] == "scene" })
        #expect(
            Set(first.object?.keys ?? []) == [
                "id", "type", "temperature", "title", "revision", "modified_at", "author", "needs_review",
            ])
        #expect(first["temperature"] == "hot" && first["author"] == "scene_smith" && first["needs_review"] == .null)
        #expect(first["modified_at"]?.string?.hasSuffix("Z") == true && all["problems"] == [])
        for arguments in [["--cold"], ["--needs-review"], ["--type", "nothing"]] {
            let none = try await Program.run(
                ["--project", project.path, "artifacts", "list"] + arguments, in: project.folder.path)
            #expect(none.status == 0 && none.output == "no artifacts\n", "\(none.errors)")
        }
        let id = try #require(first["id"]?.string)
        let text = try #require(try await show(project, id)["data"]?["text"]?.string)
        let shown = try await project.run("artifacts", "show", id)
        #expect(shown.output.contains(".questfoundry/hot/scenes/\(id).json") && shown.output.hasSuffix("\n\n\(text)\n"))
    }

    @Test func lookingChangesNothingAndHostileTextIsMadeVisible() async throws {
        let project = try await story()
        let text =
            #"{"type":"sc\u001b[2Jene","data":{"title":"\u202eevil","text":"\u001b]0;x\u0007"},"metadata":{"author":"\u009b"}}"#
        try Data(text.utf8).write(to: URL(filePath: project.path + "/.questfoundry/hot/scenes/odd.json"))
        let before = try project.state()
        for arguments in [["list"], ["show", "odd"], ["undelete", "--list"]] {
            let outcome = try await Program.run(
                ["--project", project.path, "artifacts"] + arguments, in: project.folder.path)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let scalars = outcome.output.unicodeScalars
            #expect(!scalars.contains { ["\u{1B}", "\u{7}", "\u{202E}", "\u{9B}"].contains($0) }, "\(arguments)")
        }
        #expect(try project.state() == before)
    }

    @Test func idsThatArePathsAreRefused() async throws {
        let project = try await story()
        let before = try project.state()
        for command in ["show", "edit", "accept", "delete", "undelete", "promote", "demote"] {
            for (id, status) in [("../../x", Int32(65)), ("/etc/passwd", 65), ("a\nb", 65), ("nothing", 64)] {
                let outcome = try await project.run(
                    "artifacts", command, id, "--json", environment: ["EDITOR": "false"])
                let isUnknown = command == "undelete"
                #expect(outcome.status == (isUnknown ? 64 : status), "\(command) \(id): \(outcome.errors)")
                #expect(try JSONValue(parsing: outcome.output)["error"]?["kind"] == "workspace")
            }
        }
        #expect(try project.state() == before)
    }

    @Test func loopsAreListedAndShown() async throws {
        let project = try await Project()
        let all = try await project.document("loops", "list", "--json")
        let listed = try #require(all.array?.first { $0["name"] == "story_spark" })
        let loop = try await project.document("loops", "show", "story_spark", "--json")
        #expect(loop == listed)
        #expect(
            loop["steps"]?.array?.first == [
                "name": "generate_hooks", "role": "plotwright", "consulted": ["lore_weaver"],
                "inputs": ["project_metadata"], "outputs": ["hook_card"],
            ])
        let words = try await project.run("loops", "show", "story_spark")
        #expect(words.output.contains("pre_gate_check") && words.output.contains("tu_brief, canon_pack, scene"))
        let unknown = try await project.run("loops", "show", "nothing")
        #expect(unknown.status == 64 && unknown.errors.contains("story_spark"))
    }

    // MARK: - Editing

    @Test func proseIsEditedAndNoLoopReplacesIt() async throws {
        let project = try await story()
        let id = try await scene(project)
        let before = try await show(project, id)
        let environment = try editor(project, "case \"$1\" in *.md) echo 'Mine — “quoted”.' > \"$1\";; esac")
        let edited = try await project.run("artifacts", "edit", id, "--json", environment: environment)
        #expect(edited.status == 0, "\(edited.errors)")
        #expect(try JSONValue(parsing: edited.output) == ["id": .string(id), "revision": 2, "changed": true])
        let after = try await show(project, id)
        #expect(after["data"]?["text"] == "Mine — “quoted”." && after["data"]?["choices"] == before["data"]?["choices"])
        #expect(after["metadata"]?["author"] == "user" && edits(project).isEmpty)
        _ = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        #expect(try await show(project, id) == after)
    }

    @Test func brokenEditIsKeptAndSaidWithItsLine() async throws {
        let project = try await story()
        let id = try await scene(project)
        let before = try await show(project, id)
        let environment = try editor(project, "printf '{\\n  \"id\": \"x\"\\n  oops' > \"$1\"")
        let refused = try await project.run("artifacts", "edit", "--data", id, environment: environment)
        #expect(refused.status == 65 && refused.errors.contains("line 3"), "\(refused.errors)")
        let kept = try #require(edits(project).first)
        #expect(refused.errors.contains("/.questfoundry/edits/\(kept)") && kept.hasPrefix(id))
        let text = try String(contentsOfFile: project.path + "/.questfoundry/edits/" + kept, encoding: .utf8)
        #expect(text.hasSuffix("oops"))
        #expect(try await show(project, id) == before)
        #expect(try await project.document("state", "verify", "--json")["ok"] == true)
    }

    @Test func editThatSomebodyOvertookIsKeptAndTheirsStays() async throws {
        let project = try await story()
        let id = try await scene(project)
        let theirs = try editor(project, "echo Theirs. > \"$1\"")["VISUAL"] ?? ""
        let script = """
            VISUAL="\(theirs)" '\(Program.path)' --project '\(project.path)' artifacts edit \(id)
            echo Mine. > "$1"
            """
        let overtaken = try await project.run("artifacts", "edit", id, environment: try editor(project, script))
        #expect(overtaken.status == 65 && overtaken.errors.contains("read it again"), "\(overtaken.errors)")
        #expect(try await show(project, id)["data"]?["text"] == "Theirs.")
        let kept = try #require(edits(project).first)
        #expect(overtaken.errors.contains(kept) && edits(project).count == 1)
        #expect(try String(contentsOfFile: project.path + "/.questfoundry/edits/" + kept, encoding: .utf8) == "Mine.\n")
    }

    @Test func nothingIsChangedByAnEditorThatChangesNothing() async throws {
        let project = try await story()
        let id = try await scene(project)
        let before = try project.state()
        let looked = try await project.run("artifacts", "edit", id, environment: ["EDITOR": "true", "VISUAL": ""])
        #expect(looked.status == 0 && looked.output == "nothing was changed\n", "\(looked.errors)")
        for command in ["false", "/nonexistent/editor --wait", "kill -9 $$;"] {
            let failed = try await project.run("artifacts", "edit", id, environment: ["EDITOR": command])
            #expect(failed.status == 1 && failed.errors.contains("the editor"), "\(failed.errors)")
        }
        #expect(edits(project).isEmpty)
        rmdir(project.path + "/.questfoundry/edits")
        #expect(try project.state() == before)
    }

    @Test func killedEditLeavesTheTextInItsFile() async throws {
        let project = try await story()
        let id = try await scene(project)
        let before = try await show(project, id)
        let environment = try editor(project, "echo Mine. > \"$1\"; kill -9 $(cut -d' ' -f4 /proc/$PPID/stat)")
        let killed = try await project.run("artifacts", "edit", id, environment: environment)
        #expect(killed.status == SIGKILL)
        let kept = try #require(edits(project).first)
        #expect(try String(contentsOfFile: project.path + "/.questfoundry/edits/" + kept, encoding: .utf8) == "Mine.\n")
        #expect(try await show(project, id) == before)
    }

    // MARK: - Takes

    @Test func oneTakeIsChosen() async throws {
        let project = try await story()
        _ = try await project.document("generate", "--seed", "7", "--count", "1", "--take", "next", "--json")
        let scenes = try await ids(project, "scene")
        #expect(scenes.count == 2)
        for id in scenes {
            let accepted = try await project.document("artifacts", "accept", id, "--json")
            #expect(accepted["accepted"]?.string == id && accepted["takes"]?.array?.count == 2)
            let takes = try #require(try await show(project, id)["takes"]?.array)
            #expect(takes.filter { $0["chosen"] == true }.map { $0["id"]?.string } == [id])
            #expect(
                takes.filter { $0["accepted"] == true }.count == 1 && takes.compactMap { $0["take"]?.int } == [1, 2])
        }
        #expect(try await project.run("artifacts", "show", scenes[1]).output.contains(", of 2, the chosen one"))
    }

    // MARK: - Through the gate

    @Test func onlyWhatTheGateLetsThroughBecomesCold() async throws {
        let project = try await story()
        let hook = try #require(try await ids(project, "hook_card").first)
        let promoted = try await project.document("artifacts", "promote", hook, "--json")
        #expect(promoted["artifacts"]?.array?.map { $0["id"]?.string } == [hook])
        let cold = try await show(project, hook)
        #expect(cold["temperature"] == "cold" && cold["metadata"]?["snapshot_id"] == promoted["snapshot"])
        #expect(cold["metadata"]?["player_safe"] == false)
        #expect(try await project.document("state", "status", "--json")["snapshots"] == 1)
        for command in ["edit", "delete", "accept"] {
            let refused = try await project.run("artifacts", command, hook, environment: ["EDITOR": "false"])
            #expect(refused.status == 64 && refused.errors.contains("artifacts demote \(hook)"), "\(refused.errors)")
        }
        #expect(try await project.run("artifacts", "demote", hook).status == 0)
        #expect(try await show(project, hook)["temperature"] == "hot")
        #expect(try await project.document("artifacts", "show", hook, "--cold", "--json") == cold)

        let id = try await scene(project)
        _ = try await project.run("artifacts", "edit", id, environment: try editor(project, "echo Mine. > \"$1\""))
        let blocked = try await project.run("artifacts", "promote", id, "--json")
        #expect(blocked.status == 1 && blocked.errors.contains("no gatecheck has seen it"), "\(blocked.errors)")
        #expect(try await project.document("state", "status", "--json")["snapshots"] == 1)
    }

    @Test func firstVersionAsksForTheMigration() async throws {
        let project = try await story()
        #expect(try await project.run("state", "migrate", "--to", "1", "--yes").status == 0)
        let id = try await scene(project)
        let before = try project.state()
        let refused = try await project.run("artifacts", "promote", id)
        #expect(refused.status == 65 && refused.errors.contains("questfoundry state migrate"), "\(refused.errors)")
        #expect(try project.state() == before)
        #expect(try await project.run("artifacts", "delete", id).status == 0)
        #expect(try await project.run("artifacts", "undelete", id).status == 0)
        #expect(try await project.run("state", "migrate").status == 0)
        #expect(try await project.run("artifacts", "promote", id).status == 0)
    }
}
