import Core
import Foundation
import GRDB
import TestKit
import Testing

/// `book export` on workspaces that questfoundry-py wrote.
@Suite(.timeLimit(.minutes(10))) struct BookCommandTests {
    private let folder: TemporaryFolder
    private let root: String

    /// Two sections and a hook, all finished.
    init() async throws {
        folder = try TemporaryFolder()
        root = folder.file("book")
        let made = try PyWorkspace(at: root, artifacts: 3)
        let queue = try DatabaseQueue(path: made.file("project.qfproj"))
        try await queue.write { database in
            try database.execute(sql: "DELETE FROM artifacts")
            for (id, type, data) in Self.artifacts {
                try database.execute(
                    sql: "INSERT INTO artifacts VALUES (?, ?, '2025-01-02T03:04:05.6', '2025', ?, ?)",
                    arguments: [id, type, data, #"{"id": "\#(id)", "temperature": "cold"}"#])
            }
        }
        try queue.close()
    }

    private static let artifacts = [
        ("HOOK-1", "hook_card", #"{"title": "Secret"}"#),
        (
            "MS-1", "manuscript_section",
            #"{"body": "Fog.", "first": true, "choices": [{"text": "On", "target": "MS-2"}]}"#
        ),
        ("MS-2", "manuscript_section", #"{"body": "Shore.", "terminal": true}"#),
    ]

    private func run(_ arguments: String...) async throws -> Outcome {
        try await Program.run(["--project", root, "book", "export"] + arguments, in: folder.path)
    }

    private func change(_ sql: String) async throws {
        let queue = try DatabaseQueue(path: root + "/project.qfproj")
        try await queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test func sectionsAreCheckedAndExported() async throws {
        let outcome = try await run("-o", folder.file("out"), "--json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try JSONValue(parsing: outcome.output)
        #expect(report["scenes"] == 2 && report["title"] == "The Lantern")
        #expect(report["files"]?.array?.map { $0["format"]?.string } == ["markdown", "html", "twee", "json"])
        #expect(report["left_out"]?.array?.map { $0["id"] } == ["HOOK-1"])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
        #expect(names == ["book.html", "book.json", "book.md", "book.twee"])
        for file in report["files"]?.array ?? [] {
            let bytes = FileManager.default.contents(atPath: file["path"]?.string ?? "")
            #expect(bytes?.count == file["bytes"]?.int)
        }
    }

    @Test func onlyTheFormatsAskedForAreWritten() async throws {
        let outcome = try await run("--format", "json, markdown", "-o", folder.file("out"))
        #expect(outcome.status == 0 && outcome.errors.contains("left out: HOOK-1"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted() == [
                "book.json", "book.md",
            ])
        #expect(try await run("--format", "pdf").status == 64)
        #expect(try await run("--snapshot", "NONE").status == 64)
        #expect(try await run("-o", root + "/project.qfproj/out").status == 65)
    }

    @Test func aBrokenStoryIsNotExported() async throws {
        try await change("DELETE FROM artifacts WHERE artifact_id = 'MS-2'")
        let outcome = try await run("-o", folder.file("out"), "--json")
        #expect(outcome.status == 65)
        let message = try JSONValue(parsing: outcome.output)["error"]?["message"]?.string
        #expect(message?.contains("MS-1") == true && message?.contains("integrity") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
        try await change("DELETE FROM artifacts")
        #expect(try await run().status == 65)
    }
}
