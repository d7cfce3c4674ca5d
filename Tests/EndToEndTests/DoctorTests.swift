import Core
import Foundation
import TestKit
import Testing

/// `questfoundry doctor`, and the dialog that shows what servers have.
@Suite struct DoctorTests {
    /// A server that lists models, from a thread of its own: however busy the tests are, it answers in time.
    private struct Lister {
        let server: RawServer
        let requests = Recorder<String>()

        init(_ names: [String], status: String = "200 OK") throws {
            let body = FakeOpenAIForm().models(names).text()
            server = try RawServer { [requests] connection in
                requests.append(connection.request)
                connection.sendHead(status, contentType: "application/json", "Content-Length: \(body.utf8.count)\r\n")
                connection.send(body)
            }
        }

        var config: String {
            """
            providers:
              text:
                default: fake
                fake: { type: openai, base_url: "\(server.baseURL.absoluteString)", model: tiny }
            rate_limiting:
              models: { tiny: { cost_per_input_token: 0.000001, cost_per_output_token: 0.000002 } }
            """
        }

        var onlyListed: Bool { requests.elements.allSatisfy { $0.hasPrefix("GET /v1/models ") } }
    }

    private func check(_ document: JSONValue, _ area: String) throws -> JSONValue {
        try #require(document["checks"]?.array?.first { $0["area"]?.string == area })
    }

    @Test func aWorkingWorkspaceIsWellAndNothingIsSpent() async throws {
        let server = try Lister(["tiny", "other", "third"])
        let project = try await Project(config: server.config)
        let text = try await project.run("doctor")
        #expect(text.status == 0, "\(text.output)\(text.errors)")
        #expect(text.output.contains("✓ provider fake") && text.output.contains("✓ model tiny"))
        #expect(!text.output.contains("✗"))
        let document = try await project.document("doctor", "--json")
        #expect(document["ok"]?.bool == true)
        #expect(try check(document, "provider")["models"]?.int == 3)
        #expect(server.requests.count == 2 && server.onlyListed)
        #expect(!FileManager.default.fileExists(atPath: project.path + "/.questfoundry/ledger.db"))
    }

    @Test func exitCodesTellConfigurationFromWhatIsDown() async throws {
        let closed = try RawServer.closedPort()
        let gone = "mine: { type: openai, base_url: \"http://127.0.0.1:\(closed)/v1\", model: tiny }"
        let project = try await Project(config: "providers: { text: { default: mine, \(gone) } }")
        let down = try await project.run("doctor")
        #expect(down.status == 69 && down.output.contains("✗ provider mine"))
        let server = try Lister(["tiny2", "other"])
        try project.write(config: server.config)
        let wrong = try await project.run("doctor", "--json")
        #expect(wrong.status == 78)
        let document = try JSONValue(parsing: wrong.output)
        #expect(document["ok"]?.bool == false)
        #expect(try check(document, "model")["remedy"]?.string == "it has tiny2")
        #expect(try check(document, "model")["cause"]?.string == "configuration")
        try project.write(config: "rate_limiting: { global: { cost_per_dya: 5 } }")
        #expect(try await project.run("doctor").status == 78)
    }

    @Test func noSecretIsPrinted() async throws {
        let server = try RawServer { connection in
            let key = connection.request.split(separator: "\r\n").first { $0.hasPrefix("Authorization") } ?? ""
            connection.sendHead("403 Forbidden", contentType: "text/plain")
            connection.send("you sent \(key)")
        }
        let config = """
            providers:
              text:
                default: mine
                mine: { type: openai, base_url: "\(server.baseURL.absoluteString)", model: m, api_key: "${MY_KEY}" }
            """
        let project = try await Project(config: config)
        let environment = ["MY_KEY": "sk-secret-9", "https_proxy": "http://mara:pass-word@proxy:1"]
        for arguments in [["doctor"], ["doctor", "--json"]] {
            let outcome = try await Program.run(
                ["--project", project.path] + arguments, in: project.folder.path, environment: environment)
            #expect(outcome.status == 78 && outcome.output.contains("MY_KEY"))
            #expect(!(outcome.output + outcome.errors).contains("sk-secret-9"))
            #expect(!(outcome.output + outcome.errors).contains("pass-word"))
        }
    }

    @Test func withoutAWorkspaceItTellsOfTheTerminal() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Program.run(["doctor"], in: folder.path, environment: ["TERM": "nonsense"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("nonsense is not known here"))
        #expect(outcome.output.contains("questfoundry init makes one"))
        let named = try await Program.run(["doctor", "--project", folder.path], in: folder.path)
        #expect(named.status == 66)
    }

    @Test func aSwitchSaysWhatItWillCost() async throws {
        let server = try await FakeOpenAIServer.start()
        let project = try await Project(config: Project.config(server))
        let before = try await project.run("roles", "set", "scene_smith", "--provider", "fake")
        #expect(before.output.contains("scene_smith uses fake tiny") && before.output.contains("at most $0."))
        _ = try await project.document("generate", "--json")
        let after = try await project.run("roles", "set", "scene_smith", "--provider", "fake", "--model", "tiny")
        #expect(after.output.contains("a request costs about $0.") && after.output.contains("the mean of its last 4"))
        let free = try await project.run("roles", "set", "scene_smith", "--provider", "embedded")
        #expect(free.output.contains("it is free"))
    }

    @Test func theDialogOffersWhatTheServerHas() async throws {
        let names = ["tiny"] + (1...30).map { "model-\($0)" }
        let server = try Lister(names)
        let project = try await Project(config: server.config)
        let terminal = try await project.dashboard(width: 80, height: 24)
        try await terminal.waitFor("tiny")
        try await terminal.press("1", "Down", "Down", "Down", "p")
        try await terminal.waitFor("… 26 more")
        try await terminal.press("Tab")
        try await terminal.type("l-2")
        let filtered = try await terminal.waitFor("… 6 more")
        #expect(filtered.contains("model-21") && !filtered.contains("model-3 "))
        try await terminal.press("Tab", "Down", "Enter")
        try await terminal.waitFor("scene_smith uses fake model-20 from its next request on")
        #expect(server.onlyListed)
        try await terminal.quit()
        let roles = try await project.document("roles", "list", "--json")
        let smith = try #require(roles.array?.first { $0["role"]?.string == "scene_smith" })
        #expect(smith["model"]?.string == "model-20")
    }

    @Test func rolesSayWhoCannotBeReached() async throws {
        let closed = try RawServer.closedPort()
        let gone = "mine: { type: openai, base_url: \"http://127.0.0.1:\(closed)/v1\", model: tiny }"
        let project = try await Project(config: "providers: { text: { default: mine, \(gone) } }")
        let terminal = try await project.dashboard(width: 120, height: 40)
        try await terminal.waitFor("not reachable")
        try await terminal.quit()
    }
}
