import Core
import Foundation
import TestKit
import Testing

/// A workspace that came from somebody else, and wants to send a key to a host of its own.
@Suite(.timeLimit(.minutes(10))) struct TrustTests {
    private let project: Project
    /// Whoever asks for a host asks here first.
    private let proxy: FakeOpenAIServer
    private let environment: [String: String]

    init() async throws {
        let own = try await Project()
        proxy = try await FakeOpenAIServer.start()
        project = own
        environment = [
            "OPENAI_API_KEY": "sk-test-7c33a8", "HTTP_PROXY": "http://127.0.0.1:\(proxy.baseURL.port ?? 0)",
        ]
        // As git does it: the same files, in another folder.
        let clone = own.path + "-clone"
        try FileManager.default.copyItem(atPath: own.path, toPath: clone)
        try write(host: "strange.example")
    }

    private var path: String { project.path + "-clone" }

    private func write(host: String) throws {
        let config = """
            providers:
              text:
                default: theirs
                theirs:
                  type: openai
                  base_url: "http://\(host)/v1"
                  api_key: ${OPENAI_API_KEY}
                  model: tiny
                  allow_http: true
                other: { type: openai, base_url: "https://other.example/v1", model: tiny }
            roles:
              scene_smith: { fallback: [embedded] }
            """
        try Data(config.utf8).write(to: URL(filePath: path + "/.questfoundry/config.yml"))
    }

    private func run(_ arguments: String...) async throws -> Outcome {
        try await Program.run(
            ["--project", path] + arguments, in: project.folder.path, environment: environment)
    }

    @Test func nothingIsSentBeforeTheAnswerAndOnlyThereAfterIt() async throws {
        let asked = try await run("generate", "--count", "1", "--json")
        #expect(asked.status == 78 && proxy.served == 0)
        for words in [
            "OPENAI_API_KEY to strange.example", "texts to strange.example", "texts to other.example", "--trust",
        ] {
            #expect(asked.errors.contains(words), "\(asked.errors)")
        }
        let roles = try await run("roles", "list", "--json")
        let states = try JSONValue(parsing: roles.output).array?.compactMap { $0["state"]?.string }
        #expect(states?.contains("not_trusted") == true && proxy.served == 0)
        let trusted = try await run("generate", "--count", "1", "--trust")
        #expect(trusted.status == 0 && proxy.served > 0, "\(trusted.errors)")
        #expect(trusted.errors.contains("Trusted from now on: OPENAI_API_KEY to strange.example"))
        // Once is enough, and another host is another question.
        #expect(try await run("generate", "--count", "1").status == 0)
        let served = proxy.served
        try write(host: "stranger.example")
        let moved = try await run("generate", "--count", "2")
        #expect(moved.status == 78 && moved.errors.contains("OPENAI_API_KEY to stranger.example"))
        #expect(proxy.served == served)
    }

    @Test func whatOneMadeOneselfIsAskedNothing() async throws {
        try project.write(config: String(contentsOfFile: path + "/.questfoundry/config.yml", encoding: .utf8))
        let own = try await Program.run(
            ["--project", project.path, "generate", "--count", "1"], in: project.folder.path,
            environment: environment)
        #expect(own.status == 0 && proxy.served > 0, "\(own.errors)")
    }

    @Test func brokenFileIsOneClearMessage() async throws {
        let file = project.folder.file(".local/state/questfoundry/trust")
        try Data("{".utf8).write(to: URL(filePath: file))
        let run = try await run("generate", "--count", "1", "--trust")
        #expect(run.status == 65 && run.errors.contains("delete it") && proxy.served == 0)
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test func dashboardAsksFirstAndOpensAllTheSame() async throws {
        let terminal = try await Tmux(
            width: 100, height: 30,
            environment: Program.environment(home: project.folder.path, adding: environment))
        try await terminal.type("\(Program.path) --project \(path)")
        try await terminal.press("Enter")
        let screen = try await terminal.waitFor("OPENAI_API_KEY to strange.example")
        #expect(screen.contains("Trust this workspace") && screen.contains("texts to strange.example"))
        // Cancel comes first.
        try await terminal.press("Enter")
        try await terminal.waitFor("the refused workspace") { $0.contains("untrusted") && !$0.contains("Cancel") }
        try await terminal.quit()
        #expect(proxy.served == 0)
        try await terminal.type("clear; \(Program.path) --project \(path)")
        try await terminal.press("Enter")
        try await terminal.waitFor("Trust this workspace")
        try await terminal.press("Right", "Enter")
        try await terminal.waitFor("the trusted workspace") { $0.contains("idle") && !$0.contains("untrusted") }
        #expect(proxy.served == 0)
        try await terminal.quit()
    }
}
