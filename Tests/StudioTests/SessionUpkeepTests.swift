import Configuration
import Core
import Foundation
import Metering
import Studio
import TestKit
import Testing
import Workspace

/// What a session does beside its runs: its log, warnings of budgets, daily sums of old rows.
@Suite(.timeLimit(.minutes(2))) struct SessionUpkeepTests {
    private func log(_ fixture: StoryFixture) throws -> [JSONValue] {
        let text = try String(contentsOfFile: fixture.workspace.paths.logs + "/questfoundry.log", encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test func logTellsEveryRequestAndNothingThatWasWritten() async throws {
        let server = try await FakeOpenAIServer.start()
        let yaml = """
            providers:
              text:
                default: my_server
                my_server:
                  type: openai
                  base_url: "\(server.baseURL.absoluteString)"
                  model: test-model
                  api_key: ${SECRET_KEY}
            """
        let fixture = try StoryFixture(yaml, servers: [server])
        let session = try fixture.session(
            variables: ["SECRET_KEY": "sk-secret-123"], logger: fixture.workspace.logger(time: fixture.time))
        let records = session.events()
        #expect(!FileManager.default.fileExists(atPath: fixture.workspace.paths.logs))
        let report = await session.run(RunOrder(count: 1))
        await session.close()
        #expect(report.state == .done && server.served > 0)
        let lines = try log(fixture)
        #expect(lines.allSatisfy { $0["session"]?.string == session.id.description })
        #expect(lines.count { $0["event"]?.string == "answered" } == report.requests)
        #expect(lines.count { $0["event"]?.string == "provider called" } == server.served)
        let written = try String(
            contentsOfFile: fixture.workspace.paths.logs + "/questfoundry.log", encoding: .utf8)
        #expect(server.requests.allSatisfy { $0.headers.values.contains("Bearer sk-secret-123") })
        #expect(!written.contains("sk-secret") && !written.contains("Bearer"))
        #expect(!written.contains("counts its passengers"))
        for await record in records {
            guard case .requestAnswered(_, _, let text) = record.event else { continue }
            #expect(!written.contains(String(text.prefix(30))))
        }
    }

    @Test func folderThatCannotBeWrittenBreaksNoRun() async throws {
        let fixture = try StoryFixture()
        try Data().write(to: URL(filePath: fixture.workspace.paths.logs))
        let session = try fixture.session(logger: fixture.workspace.logger(time: fixture.time))
        #expect(await session.run(RunOrder(count: 1)).state == .done)
        await session.close()
    }
}
