import Core
import Foundation
import Workspace

/// The built program on a workspace of 10,000 scenes, beside one of 1,000.
enum ProgramBenchmarks {
    private static let sizes = (small: 1_000, large: 10_000)

    struct Project {
        var root: String
        var scenes: Int
    }

    /// Something that the program does with a project, in a round that counts from 1.
    private struct Work {
        var name: String
        /// How often it can be done.
        var rounds = 3
        /// In milliseconds, for the larger project.
        var bound = 2_000.0
        var run: (Project, Int) throws -> ProgramRun
    }

    static func run() async throws -> [Figure] {
        guard let bench = try ProgramBench.make() else { return [] }
        let (program, home) = (bench.program, bench.home)
        let projects = try [sizes.small, sizes.large].map {
            try project($0, at: bench.folder.file("book-\($0)"), program, home: home)
        }
        return try works(program, home: home).flatMap { try figures(of: $0, projects[0], projects[1]) }
    }

    private static func works(_ program: String, home: String) -> [Work] {
        func command(
            _ name: String, rounds: Int = 3, bound: Double = 2_000, _ arguments: @escaping (Project, Int) -> [String]
        ) -> Work {
            Work(name: name, rounds: rounds, bound: bound) { project, round in
                try ProgramRun.toItsEnd(
                    program, ["--project", project.root] + arguments(project, round), home: home)
            }
        }
        let opening = Work(name: "opening the dashboard") { project, _ in
            try ProgramRun.untilItShows(
                project.scenes.grouped, program, ["--project", project.root], home: home)
        }
        return [
            opening, command("artifacts list") { _, _ in ["artifacts", "list"] },
            command("status") { _, _ in ["status"] }, command("loops") { _, _ in ["loops"] },
            command("gatecheck") { _, round in ["generate", "gatecheck", "--seed", "\(round)", "--fresh"] },
            command("archive_snapshot", rounds: 1, bound: 20_000) { _, round in
                ["generate", "archive_snapshot", "--seed", "\(round)"]
            },
        ]
            + ["markdown", "html", "twee", "json"].map { format in
                command("book export as \(format)") { project, _ in
                    ["book", "export", "--format", format, "--output", project.root + "/book"]
                }
            }
    }

    private static func figures(of work: Work, _ small: Project, _ large: Project) throws -> [Figure] {
        var runs: (small: [ProgramRun], large: [ProgramRun]) = ([], [])
        for round in 1...work.rounds {
            runs.small.append(try work.run(small, round))
            runs.large.append(try work.run(large, round))
        }
        let (before, after) = (median(runs.small, \.milliseconds), median(runs.large, \.milliseconds))
        let memory = (runs.small.map(\.megabytes).max() ?? 0, runs.large.map(\.megabytes).max() ?? 0)
        let name = "\(work.name) of \(large.scenes.grouped) scenes"
        return [
            Figure(
                name: "\(work.name), a scene of \(large.scenes.grouped) beside one of \(small.scenes.grouped)",
                value: after / before * Double(small.scenes) / Double(large.scenes), bound: 1.3,
                details: String(format: "%.0f ms beside %.0f ms", after, before)),
            Figure(
                name: name, value: after, bound: work.bound, unit: "ms",
                details: String(format: "the first of %d: %.0f ms", work.rounds, runs.large[0].milliseconds)),
            Figure(
                name: "memory of \(name)", value: memory.1, bound: 300, unit: "MB",
                details: String(format: "%.0f MB beside %.0f MB", memory.1, memory.0)),
        ]
    }

    private static func median(_ runs: [ProgramRun], _ value: (ProgramRun) -> Double) -> Double {
        Stopwatch.median(runs.map(value))
    }

    /// A workspace as the program makes it, with scenes as another program would put them there.
    @discardableResult
    static func project(
        _ scenes: Int, at root: String, _ program: String, home: String
    ) throws -> Project {
        _ = try ProgramRun.toItsEnd(program, ["init", root, "--provider", "embedded"], home: home)
        let folder = root + "/.questfoundry/hot/scenes"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for scene in BookBenchmarks.artifacts(scenes) {
            let document: JSONValue = [
                "type": JSONValue(scene.type), "data": scene.data, "metadata": .object(scene.metadata),
            ]
            try Data(document.text(isPretty: true).utf8).write(to: URL(filePath: "\(folder)/\(scene.id).json"))
        }
        return Project(root: root, scenes: scenes)
    }
}
