import Core
import Foundation
import TestKit
import Testing
import Workspace

/// What was deleted can be brought back, whatever happens meanwhile.
@Suite(.timeLimit(.minutes(10))) struct DeletingTests {
    private func story() async throws -> (Project, scene: String) {
        let project = try await Project()
        let run = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        let scene = run["artifacts"]?.array?.first { $0["type"] == "scene" }
        return (project, try #require(scene?["id"]?.string))
    }

    private func names(_ project: Project, _ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(project.path)/.questfoundry/\(folder)")) ?? []
    }

    @Test func deletedArtifactComesBackAsItWas() async throws {
        let (project, scene) = try await story()
        let before = try project.state()
        #expect(try await project.run("artifacts", "delete", scene, "nothing").status == 64)
        #expect(try project.state() == before)
        let deleted = try await project.document("artifacts", "delete", scene, "--json")
        #expect(deleted["deleted"] == [.string(scene)])
        #expect(try await project.run("artifacts", "show", scene).status == 64)
        let listed = try await project.document("artifacts", "undelete", "--list", "--json")
        #expect(listed["bin"]?.array?.map { $0["id"]?.string } == [scene])
        // The same run writes it anew; then the one in the bin stays there.
        _ = try await project.document("generate", "--seed", "7", "--count", "1", "--json")
        let refused = try await project.run("artifacts", "undelete", scene)
        #expect(refused.status == 65 && refused.errors.contains("delete it first"), "\(refused.errors)")
        #expect(try await project.run("artifacts", "delete", scene).status == 0)
        #expect(names(project, "bin").count == 2)
        for _ in 0..<2 {
            let back = try await project.document("artifacts", "undelete", scene, "--json")
            #expect(back["undeleted"]?.string == scene)
            try FileManager.default.removeItem(atPath: "\(project.path)/.questfoundry/hot/scenes/\(scene).json")
        }
        #expect(names(project, "bin").isEmpty)
        #expect(try await project.run("artifacts", "undelete", scene).status == 64)
    }

    @Test func nextRunEmptiesTheBinOfWhatIsOlderThanThirtyDays() async throws {
        let (project, scene) = try await story()
        _ = try await project.document("artifacts", "delete", scene, "--json")
        let new = try #require(names(project, "bin").first)
        let folder = project.path + "/.questfoundry/bin/"
        let moment = try #require(Int64(new.prefix { $0 != "-" }))
        let old = "\(moment - 30 * 86_400_000_000)-\(scene).json"
        try FileManager.default.copyItem(atPath: folder + new, toPath: folder + old)
        _ = try await project.document("artifacts", "undelete", "--list", "--json")
        #expect(names(project, "bin").count == 2)
        _ = try await project.document("generate", "--seed", "8", "--count", "1", "--json")
        #expect(names(project, "bin") == [new])
    }

    @Test(.enabled(if: getuid() == 0)) func folderThatMayNotBeWrittenIsNamedAndLeftAsItIs() async throws {
        let (project, scene) = try await story()
        _ = try await project.document("artifacts", "delete", scene, "--json")
        let root = project.folder.path
        for name in [""] + (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []) {
            chmod(root + "/" + name, 0o755)
        }
        let list = try await project.document("artifacts", "list", "--type", "hook_card", "--json")
        let hook = try #require(list["artifacts"]?.array?.first?["id"]?.string)
        let before = try project.state()
        for command in [
            ["delete", hook], ["undelete", scene], ["edit", hook], ["accept", hook], ["promote", hook],
        ] {
            let words = ["--reuid=65534", "--regid=65534", "--clear-groups", Program.path, "--project", project.path]
            let other = try TemporaryFolder()
            let outcome = try await Program.run(
                words + ["artifacts"] + command, of: "/usr/bin/setpriv", in: other.path,
                environment: ["HOME": "/nonexistent", "EDITOR": "true"])
            #expect(outcome.status == 65, "\(command): \(outcome.errors)")
            #expect(outcome.errors.contains(project.path) && outcome.errors.contains("check its owner"))
        }
        #expect(try project.state() == before)
    }

    @Test(.enabled(if: SmallDisk.isAvailable)) func fullDiskLosesNothing() async throws {
        let disk = try SmallDisk(kilobytes: 16_384)
        let folder = try TemporaryFolder()
        let path = disk.path + "/story"
        func run(_ words: String...) async throws -> Outcome {
            try await Program.run(
                ["--project", path] + words, in: folder.path, environment: ["EDITOR": "echo Mine. >>"])
        }
        #expect(try await Program.run(["init", path, "--provider", "embedded"], in: folder.path).status == 0)
        let made = try await run("generate", "--count", "1", "--json")
        let scene = try #require(
            try JSONValue(parsing: made.output)["artifacts"]?.array?.first { $0["type"] == "scene" }?["id"]?.string)
        let before = try await run("artifacts", "show", scene, "--json").output
        disk.fill()
        let edited = try await run("artifacts", "edit", scene)
        #expect(edited.status == 65 && edited.errors.contains("free some space"), "\(edited.errors)")
        // A rename needs no room; bringing back does, and leaves what it cannot write in the bin.
        let deleted = try await run("artifacts", "delete", scene)
        #expect(deleted.status == 0, "\(deleted.errors)")
        let back = try await run("artifacts", "undelete", scene)
        #expect(back.status == 65 && back.errors.contains("free some space"), "\(back.errors)")
        disk.clear()
        #expect(try await run("artifacts", "undelete", scene).status == 0)
        #expect(try await run("artifacts", "show", scene, "--json").output == before)
    }

    @Test func killedDeletionLosesNothing() async throws {
        let (project, scene) = try await story()
        var random = SeededRandom(seed: 5)
        let clock = ContinuousClock()
        var whole = try await clock.measure { _ = try await project.run("artifacts", "delete", scene) }
        var sides: Set<String> = []
        for round in 0..<40 {
            let isThere = names(project, "hot/scenes").contains("\(scene).json")
            let program = try project.start("artifacts", isThere ? "delete" : "undelete", scene)
            let moment = whole * Double.random(in: 0...1, using: &random)
            // The moment is what is tried out; nothing is waited for.
            let killer = Task {
                try await Task.sleep(for: moment)
                program.send(SIGKILL)
            }
            let start = clock.now
            let outcome = await program.outcome()
            killer.cancel()
            whole = outcome.status == 0 ? (clock.now - start) * 1.1 : whole * 1.02
            let inBin = names(project, "bin").filter { $0.hasSuffix("-\(scene).json") }
            let isHot = names(project, "hot/scenes").contains("\(scene).json")
            #expect(isHot || !inBin.isEmpty, "round \(round)")
            sides.insert(isHot ? "hot" : "bin")
            // A kill after the artifact is back leaves it in the bin as well; the next one would say that it is there.
            if isHot {
                for name in inBin { unlink("\(project.path)/.questfoundry/bin/\(name)") }
                let shown = try await project.run("artifacts", "show", scene)
                #expect(shown.status == 0, "\(shown.errors)")
            }
        }
        #expect(sides.count == 2)
    }
}
