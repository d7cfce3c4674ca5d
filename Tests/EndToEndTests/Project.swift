import Core
import Foundation
import TestKit
import Testing

/// A workspace made by the built program, and the program run on it.
struct Project {
    let folder: TemporaryFolder
    let path: String

    init(folder: TemporaryFolder, path: String) { (self.folder, self.path) = (folder, path) }

    /// Makes it on the embedded provider; with a configuration of the test's own where one is given.
    init(config: String? = nil) async throws {
        folder = try TemporaryFolder()
        path = folder.file("story")
        let arguments = ["init", path, "--provider", "embedded", "--brief", "A ferry that counts its passengers"]
        let made = try await Program.run(arguments, in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
        if let config { try write(config: config) }
    }

    func write(config: String) throws {
        try Data(config.utf8).write(to: URL(filePath: path + "/.questfoundry/config.yml"))
    }

    /// A configuration in which a server of the test's own writes everything, at a price.
    static func config(_ server: FakeOpenAIServer, maxTokens: Int = 500, limits: String = "") -> String {
        """
        providers:
          text:
            default: fake
            fake: { type: openai, base_url: \(server.baseURL.absoluteString), model: tiny, max_tokens: \(maxTokens) }
        retry: { initial_delay_ms: 1, max_delay_ms: 2 }
        rate_limiting:
          models:
            tiny: { cost_per_input_token: 0.000001, cost_per_output_token: 0.000002 }
        \(limits)
        """
    }

    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
        try await run(arguments, environment: environment)
    }

    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
        try await Program.run(["--project", path] + arguments, in: folder.path, environment: environment)
    }

    /// The JSON document of a command that succeeds.
    func document(_ arguments: String...) async throws -> JSONValue {
        let outcome = try await Program.run(["--project", path] + arguments, in: folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try JSONValue(parsing: outcome.output)
    }

    func start(_ arguments: String...) throws -> RunningProgram { try start(arguments) }

    func start(_ arguments: [String]) throws -> RunningProgram {
        try Program.start(["--project", path] + arguments, in: folder.path)
    }

    /// The workspace without its books and its cache, whose databases tidy themselves up.
    func state() throws -> [String] {
        let image = try WorkspaceImage(path)
        let files = image.files.filter { name, _ in
            !name.hasPrefix(".questfoundry/ledger.db") && !name.hasPrefix(".questfoundry/cache")
        }
        return files.map { "\($0): \($1.map { $0.base64EncodedString() } ?? "folder")" }.sorted()
            + image.tables.sorted { $0.key < $1.key }.flatMap { [$0] + $1 }
    }

    /// What an artifact's file holds.
    func artifact(_ relativePath: String) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: URL(filePath: path + "/" + relativePath)))
    }
}

extension FakeOpenAIServer {
    /// What its answers cost at the prices of ``Project/config(_:maxTokens:limits:)``.
    var reportedCost: Money {
        Money(picodollars: reportedInputTokens * 1_000_000 + reportedOutputTokens * 2_000_000)
    }
}

extension JSONValue {
    var money: Money? { string.flatMap { try? Money(dollars: $0) } }

    /// The bound on what a request may cost, from its body, at the prices of ``Project/config(_:maxTokens:limits:)``.
    var worstCase: Money {
        let input = (self["messages"]?.array ?? []).reduce(0) { $0 + ($1["content"]?.string?.utf8.count ?? 0) + 16 }
        let output = self["max_tokens"]?.int ?? self["max_completion_tokens"]?.int ?? 0
        return Money(picodollars: input * 1_000_000 + output * 2_000_000)
    }
}

extension Project {
    /// A story of the embedded provider in two takes.
    static func inTwoTakes() async throws -> Project {
        let project = try await Project()
        for take in ["1", "2"] {
            _ = try await project.document("generate", "--seed", "7", "--take", take, "--json")
        }
        return project
    }

    /// Writes an editor that says that it has the screen, waits for Enter and writes "The sun."; returns its path.
    func editor() throws -> String {
        let path = folder.file("editor")
        let script = "#!/bin/sh\necho 'the editor has the screen'; read line; printf 'The sun.\\n' > \"$1\"\n"
        try script.write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, 0o755)
        return path
    }

    /// The dashboard of the workspace, in a terminal of a test's own, its first frame on the screen.
    func dashboard(width: Int, height: Int, environment: [String: String] = [:]) async throws -> Tmux {
        let surroundings = Program.environment(home: folder.path).merging(environment) { $1 }
        let terminal = try await Tmux(width: width, height: height, environment: surroundings)
        try await terminal.type("\(Program.path) --project \(path)")
        try await terminal.press("Enter")
        try await terminal.waitFor("the first frame") { $0.contains("Roles") }
        return terminal
    }
}

extension Tmux {
    /// Leaves the dashboard and waits for the shell.
    func quit() async throws {
        try await press("q")
        try await waitFor("the shell") { $0.contains("ready>") && !$0.contains("1 Roles") }
    }
}
