import ArgumentParser
import Configuration
import Core
import Foundation
import Workspace

/// `questfoundry init`.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a new workspace with a commented config.yml; never overwrites.",
        discussion: "Example: questfoundry init lantern --name \"The Lantern Archive\" --provider embedded")

    @Argument(help: "The folder of the workspace; the current folder when left out.")
    var directory: String?

    @Option(help: "The project's name; the folder's name when left out.")
    var name: String?

    @Option(help: "What the story is about, in a sentence or two.")
    var brief: String?

    @Option(help: "The text provider to start with: embedded, openai, anthropic, gemini or ollama.")
    var provider: String?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let root = Path.absolute(directory ?? options.project ?? ".")
        let chosen = try chooseProvider()
        let workspace: Workspace
        do {
            workspace = try Workspace.create(
                at: root, name: name ?? URL(filePath: root).lastPathComponent, brief: brief ?? "",
                configYAML: Configuration.template(provider: chosen), time: SystemTime())
        } catch { throw Failure(error) }
        Opening(options: options).noteMade(workspace)
        Output.result("Made the workspace \(workspace.name.visible()) in \(workspace.root.visible())")
        guard !options.quiet else { return }
        Output.note("The text provider is \(chosen.rawValue); change it in \(workspace.paths.config)")
        Output.note(
            "Next: questfoundry --project \(root) generate, or questfoundry --project \(root) for the dashboard")
    }

    /// `embedded`, unless another is asked for, or `openai` is confirmed on a terminal where its key is seen.
    private func chooseProvider() throws -> ProviderType {
        let environment = ProcessInfo.processInfo.environment
        let seen = ProviderType.allCases.flatMap(\.keyVariables).filter { environment[$0]?.isEmpty == false }
        if !options.quiet {
            let keys = Set(seen).sorted().joined(separator: ", ")
            Output.note(keys.isEmpty ? "No API key is set in the environment" : "Keys seen in the environment: \(keys)")
        }
        if let provider {
            guard let type = ProviderType(rawValue: provider), type.kinds.contains(.text) else {
                let names = ProviderType.allCases.filter { $0.kinds.contains(.text) }.map(\.rawValue)
                throw Failure(
                    .usage, kind: "usage",
                    "--provider \(provider.visible()): a workspace starts with one of \(names.joined(separator: ", "))")
            }
            return type
        }
        guard seen.contains("OPENAI_API_KEY"), isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            return .embedded
        }
        FileHandle.standardError.write(Data("Use openai, which costs money, for this workspace? [y/N] ".utf8))
        let reply = readLine()?.lowercased() ?? ""
        return reply == "y" || reply == "yes" ? .openai : .embedded
    }
}
