import Core
import Foundation
import TestKit
import Testing

/// The log that processes leave in a workspace.
@Suite struct LogTests {
    private func lines(_ project: Project) throws -> [JSONValue] {
        let text = try String(contentsOfFile: project.path + "/.questfoundry/logs/questfoundry.log", encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test func severalProcessesWriteTheSameLog() async throws {
        let server = try await FakeOpenAIServer.start()
        let project = try await Project(config: Project.config(server))
        let programs = try ["One brief", "Another brief", "A third"].map {
            try project.start("generate", "--seed", "7", "--count", "1", "--brief", $0, "--json")
        }
        var requests = 0
        for program in programs {
            let outcome = await program.outcome()
            #expect(outcome.status == 0, "\(outcome.errors)")
            requests += try JSONValue(parsing: outcome.output)["requests"]?.int ?? 0
        }
        let lines = try lines(project)
        #expect(lines.count { $0["event"]?.string == "answered" } == requests && requests > 0)
        #expect(lines.count { $0["event"]?.string == "provider called" } == server.served)
        #expect(Set(lines.compactMap { $0["session"]?.string }).count == 3)
        let attributes = try FileManager.default.attributesOfItem(
            atPath: project.path + "/.questfoundry/logs/questfoundry.log")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func lookingLeavesNoLog() async throws {
        let project = try await Project()
        for command in ["status", "limits", "cost"] { _ = try await project.document(command, "--json") }
        #expect(!FileManager.default.fileExists(atPath: project.path + "/.questfoundry/logs"))
    }
}
