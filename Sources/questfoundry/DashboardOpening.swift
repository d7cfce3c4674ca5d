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
    /// Whether nothing may be changed.
    var isReadOnly = false

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
        if let workspace = try opening.workspaceIfAny() {
            let loaded = opening.load(for: workspace)
            guard let configuration = loaded.configuration else { throw Failure(configuration: loaded) }
            if let reason = workspace.readOnlyReason { notices.append(reason) }
            start = .workspace(try opening.session(of: workspace, configuration))
        } else {
            // Who can only look is told that there is nothing.
            guard !isReadOnly else { _ = try opening.workspace(); return }
            start = .none(suggestedPlace: Self.suggestedPlace)
        }
        let dashboard = Dashboard(
            start: start, makeWorkspace: { [opening] in try opening.makeSession(at: $0, $1) },
            reopen: { [opening] in try opening.session(ofWorkspaceAt: $0) }, edit: { try Editor.open($0) },
            settings: settings, usesColor: options.noColor ? false : nil, isReadOnly: isReadOnly, notices: notices)
        if case .signal(let number) = try await dashboard.run() {
            throw ExitCode(128 + number)
        }
    }

    /// The user's files that are followed while the dashboard is open.
    private var settings: SettingsSource {
        let shelf = ThemeShelf.ofUser(environment: ProcessInfo.processInfo.environment)
        let file = options.config.map { URL(filePath: Path.absolute($0)) }
        let folder = file?.deletingLastPathComponent().path(percentEncoded: false)
        return SettingsSource(shelf: shelf) { root in
            Set([root.map { "\($0)/\(WorkspacePaths.folderName)" }, folder].compactMap { $0 })
        } load: { [opening] root in
            guard let workspace = try root.flatMap({ try Workspace.find(from: $0) }) else {
                return LoadedConfiguration(configuration: Configuration(), problems: [])
            }
            var loaded = opening.load(for: workspace)
            loaded.configuration = try loaded.configuration.map {
                try opening.trusting($0, of: workspace).applying(Overrides.load(path: workspace.paths.overrides))
            }
            return loaded
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
