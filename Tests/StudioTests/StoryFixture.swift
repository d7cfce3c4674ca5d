import Configuration
import Core
import Foundation
import Logging
import Studio
import TestKit
import Testing
import Workspace

/// A workspace of a test's own, in which sessions are opened one after another, as processes open it.
struct StoryFixture: Sendable {
    /// A run in a session of its own, which is closed.
    struct Run: Sendable {
        var session: ULID
        var report: RunReport
        /// Every event of the session.
        var events: [SessionEvent]
    }

    let folder: TemporaryFolder
    let time = ManualTime()
    let workspace: Workspace
    let yaml: String
    /// Held, so that they serve for as long as the workspace is there.
    private let servers: [FakeOpenAIServer]

    init(_ yaml: String = "", servers: [FakeOpenAIServer] = []) throws {
        folder = try TemporaryFolder()
        self.yaml = yaml
        self.servers = servers
        workspace = try Workspace.create(
            at: folder.file("story"), name: "Ferry", brief: "A ferry that counts its passengers.", configYAML: yaml,
            time: time)
    }

    /// Opens a session, a second after the one before.
    func session(variables: [String: String] = [:], logger: Logger? = nil) throws -> Session {
        time.advance(seconds: 1)
        let loaded = Configuration.load(yaml: yaml, workspaceRoot: workspace.root, environment: variables)
        var configuration = try #require(loaded.configuration, "\(loaded.problems)")
        configuration.trust = .everything
        var environment = Session.Environment(time: time, variables: variables)
        if let logger { environment.logger = logger }
        return try Session.open(workspace, configuration: configuration, environment: environment)
    }

    func run(_ order: RunOrder) async throws -> Run {
        let session = try session()
        let records = session.events()
        let report = await session.run(order)
        await session.close()
        var events: [SessionEvent] = []
        for await record in records { events.append(record.event) }
        return Run(session: session.id, report: report, events: events)
    }

    func artifacts(_ type: String) throws -> [Artifact] {
        try FileStore(workspace, time: time).artifacts(ofType: type)
    }

    func artifact(_ id: String) throws -> Artifact {
        try #require(try FileStore(workspace, time: time).artifact(id, .hot))
    }

    /// Every file of the workspace with its bytes, but for the books, the cache, the locks and the backups.
    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: workspace.root) {
            let isLeftOut = ["ledger.db", "cache", "run", "backups"].contains { name.hasPrefix(".questfoundry/\($0)") }
            if !isLeftOut { files[name] = FileManager.default.contents(atPath: "\(workspace.root)/\(name)") }
        }
        return files
    }

    /// Every file and folder of the workspace with its size and time of change.
    func inventory() throws -> [String: String] {
        var inventory: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: workspace.root) {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(workspace.root)/\(name)")
            let changed = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            inventory[name] = "\(String(describing: attributes[.size])) bytes, \(changed)"
        }
        return inventory
    }

    var hasLedger: Bool { FileManager.default.fileExists(atPath: workspace.paths.ledger) }
}

/// What a token costs in a fixture that writes with a server.
enum TestPrice {
    static let input = Money(picodollars: 1_000_000)
    static let output = Money(picodollars: 4_000_000)
}

extension StoryFixture {
    /// A workspace whose roles all write with a fake server, at the prices of ``TestPrice``. `limits` are further lines
    /// of `rate_limiting`.
    init(_ server: FakeOpenAIServer, limits: String = "") throws {
        let yaml = """
            providers:
              text:
                default: my_server
                my_server:
                  type: openai
                  base_url: "\(server.baseURL.absoluteString)"
                  model: test-model
            retry:
              max_retries: 0
            rate_limiting:
              timezone: UTC
              models:
                test-model:
                  cost_per_input_token: 0.000001
                  cost_per_output_token: 0.000004
              \(limits)
            """
        try self.init(yaml, servers: [server])
    }
}

extension FakeOpenAIServer.Request {
    var prompt: String { body["messages"]?.array?.last?["content"]?.string ?? "" }
    var model: String? { body["model"]?.string }

    /// What the prompt asks for under a key of its last section: its `form`, its `section`.
    func asked(_ key: String) -> String? {
        let lines = prompt.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.lastIndex(of: "# Answer") ?? lines.startIndex
        let line = lines[start...].first { $0.hasPrefix("\(key): ") }
        return line.map { String($0.dropFirst(key.count + 2)) }
    }

    /// What a model would answer.
    var story: FakeReply { .answer(FakeStory.answer(to: body)) }
}

extension [SessionEvent] {
    /// The records of all answers.
    var answers: [AnswerRecord] {
        compactMap { event -> AnswerRecord? in
            if case .requestAnswered(_, let record, _) = event { record } else { nil }
        }
    }

    /// The steps that were started.
    var steps: [String] {
        compactMap { event -> String? in
            if case .stepStarted(_, _, let step, _) = event { step } else { nil }
        }
    }

    /// The texts of notices.
    func notices(ofErrors isError: Bool) -> [String] {
        compactMap { event -> String? in
            guard case .notice(isError, let text) = event else { return nil }
            return text
        }
    }

    /// The events with the pieces of one text that follow on one another put together.
    var gathered: [SessionEvent] {
        reduce(into: []) { gathered, event in
            if case .textDelta(let request, let text) = event,
                case .textDelta(let before, let start)? = gathered.last, before == request
            {
                gathered[gathered.count - 1] = .textDelta(request: request, text: start + text)
            } else {
                gathered.append(event)
            }
        }
    }
}
