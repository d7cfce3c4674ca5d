import Configuration
import Core
import Foundation
import Workspace

/// Migrations of a workspace of 50,000 artifacts, beside `cp -r` and `sync` of the same tree.
enum MigrationBenchmarks {
    private static let count = 50_000

    static func run() async throws -> [Figure] {
        let folder = try ScratchFolder()
        let root = folder.file("book")
        try makeWorkspace(at: root)
        let copy = folder.file("copy")
        var times: [String: [Double]] = [:]
        var memory = 0
        for round in 0..<2 {
            times["copy", default: []].append(try copyAndSync(root + "/.questfoundry/hot", to: copy))
            try FileManager.default.removeItem(atPath: copy)
            try sync()
            clearPeak()
            for version in [2, 1] {
                let took = try await Stopwatch.milliseconds { try await migrate(root, to: version) }
                times[version == 2 ? "up" : "down", default: []].append(took)
            }
            memory = max(memory, peak())
            if round == 0 { try FileManager.default.removeItem(atPath: root + "/.questfoundry/backups") }
            try sync()
        }
        let (bare, up, down) = (median(times["copy"]), median(times["up"]), median(times["down"]))
        return [
            Figure(
                name: "upgrade of 50,000 artifacts beside cp -r and sync", value: up / bare, bound: 3,
                details: String(format: "%.0f ms beside %.0f ms", up, bare)),
            Figure(
                name: "downgrade of 50,000 artifacts beside cp -r and sync", value: down / bare, bound: 3,
                details: String(format: "%.0f ms beside %.0f ms", down, bare)),
            Figure(
                name: "memory of a migration of 50,000 artifacts", value: Double(memory) / 1_024, bound: 200,
                unit: "MB",
                details: "peak of the process, in both directions"),
        ]
    }

    private static func median(_ values: [Double]?) -> Double { Stopwatch.median(values ?? []) }

    private static func migrate(_ root: String, to version: Int) async throws {
        guard let workspace = try Workspace.find(from: root) else { return }
        let manager = MigrationManager(workspace, settings: StateSettings(), time: Sample.time)
        consume(try await manager.migrate(to: version))
    }

    /// A workspace as questfoundry-py leaves it.
    private static func makeWorkspace(at root: String) throws {
        let workspace = try Workspace.create(at: root, name: "b", brief: "", configYAML: "", time: Sample.time)
        for (number, folder) in ["hooks", "canon", "scenes", "codex", "other"].enumerated() {
            let place = "\(workspace.paths.folder)/hot/\(folder)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            for index in 0..<count / 5 { try write(number * count / 5 + index, to: place) }
        }
        try FileManager.default.removeItem(atPath: workspace.paths.project)
    }

    private static func write(_ number: Int, to folder: String) throws {
        let text = """
            {
              "type": "scene",
              "data": {
                "header": {
                  "short_name": "lantern \(number)",
                  "id": "SCENE-\(number)"
                },
                "weight": 9007199254740993,
                "body": "\(Sample.text(1_500, number))"
              },
              "metadata": {
                "id": "SCENE-\(number)",
                "author": "scene_smith",
                "created": "2026-11-24T01:53:30.334121",
                "modified": "2026-11-24T01:53:30.334121"
              }
            }
            """
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/SCENE-\(number).json"))
    }

    private static func copyAndSync(_ source: String, to target: String) throws -> Double {
        try Stopwatch.milliseconds {
            try execute("/bin/cp", ["-r", source, target])
            try sync()
        }
    }

    private static func sync() throws { try execute("/bin/sync", []) }

    private static func execute(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
    }

    /// Starts the measurement of the most memory anew.
    private static func clearPeak() {
        try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// The most memory that the process has used, in KiB.
    private static func peak() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}
