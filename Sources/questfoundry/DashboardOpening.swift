import ArgumentParser
import Configuration
import Core
import Dashboard
import Foundation
import Studio
import Terminal
import Workspace

/// Opens the dashboard; where there is no terminal for it, says the same in words.
struct DashboardOpening {
    var options: GlobalOptions

    private var opening: Opening { Opening(options: options) }

    func run() async throws {
        do {
            try await isOnTerminal ? show() : speak()
        } catch let code as ExitCode {
            throw code
        } catch {
            throw Failure(error)
        }
    }

    private var isOnTerminal: Bool {
        let type = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(type)
    }

    private func speak() async throws {
        let status = try await opening.withSession { try await $0.status() }
        Output.note("This is not a terminal that can show the dashboard; here is the same in words.")
        Output.result(StatusText.text(of: status))
    }

    private func show() async throws {
        let start: Dashboard.Start
        var notices: [String] = []
        var settings = DashboardSettings()
        if let workspace = try opening.workspaceIfAny() {
            let loaded = opening.load(for: workspace)
            guard let configuration = loaded.configuration else { throw Failure(configuration: loaded) }
            notices = loaded.problems.filter { $0.severity == .warning }.map(\.description)
            if let reason = workspace.readOnlyReason { notices.append(reason) }
            settings = configuration.dashboard
            start = .workspace(try opening.session(of: workspace, configuration))
        } else {
            start = .none(suggestedPlace: Self.suggestedPlace)
        }
        if Theme.builtIn(settings.theme) == nil {
            notices.append("There is no theme called \(settings.theme.visible()); foundry is used instead.")
        }
        let dashboard = Dashboard(
            start: start, makeWorkspace: { [opening] in try opening.makeSession(at: $0) },
            reopen: { [opening] in try opening.session(ofWorkspaceAt: $0) }, edit: { try Editor.open($0) },
            theme: Theme.builtIn(settings.theme) ?? Theme.builtIn("foundry") ?? Theme(),
            usesColor: options.noColor ? false : nil, ringsBell: settings.bell,
            sendsNotifications: settings.notifications, notices: notices)
        if case .signal(let number) = try await dashboard.run() {
            throw ExitCode(128 + number)
        }
    }

    /// A folder below the user's home that does not exist yet.
    private static var suggestedPlace: String {
        let names = ["my-story"] + (2...99).map { "my-story-\($0)" }
        let free = names.first { name in
            !FileManager.default.fileExists(atPath: Path.absolute("~/QuestFoundry/\(name)"))
        }
        return "~/QuestFoundry/\(free ?? "new-story")"
    }
}
