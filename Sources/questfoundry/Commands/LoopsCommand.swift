import ArgumentParser
import Core
import Studio

/// `questfoundry loops`.
struct LoopsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loops", abstract: "List the loops, and show what one does.",
        discussion: "Example: questfoundry loops show story_spark", subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    /// The loops of the workspace around, its own included; without one the studio's.
    private static func loops(_ options: GlobalOptions) throws -> [Loop] {
        guard let workspace = try Opening(options: options).workspaceIfAny() else { return Loop.all }
        do { return try Loop.all(in: workspace) } catch { throw Failure(error) }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Every loop and its steps.",
            discussion: "Example: questfoundry loops list --json")

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let loops = try LoopsCommand.loops(options)
            if let format { return format.print(loops.map(\.json)) }
            let rows = loops.map { [$0.name, "\($0.steps.count)", $0.about] }
            Output.result(Output.table(["loop", "steps", "about"], rows))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "A loop's steps in their order: who does each, whom it asks, what it reads and writes.",
            discussion: "Example: questfoundry loops show story_spark")

        @Argument(help: "The loop's name.")
        var name: String

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let loops = try LoopsCommand.loops(options)
            guard let loop = loops.first(where: { $0.name == name }) else {
                let known = loops.map(\.name).joined(separator: ", ")
                throw Failure(.usage, kind: "order", "there is no loop \(name.visible()); there are: \(known)")
            }
            Output.result(json ? loop.json.text(isPretty: true) : "\(loop.title): \(loop.about)\n\n" + table(loop))
        }

        private func table(_ loop: Loop) -> String {
            let rows = loop.steps.map { step in
                [
                    step.name, step.role.rawValue, Self.list(step.consulted.map(\.rawValue)), Self.list(step.inputs),
                    Self.list(step.outputs),
                ]
            }
            return Output.table(["step", "role", "consulted", "reads", "writes"], rows)
        }

        private static func list(_ words: [String]) -> String { words.isEmpty ? "-" : words.joined(separator: ", ") }
    }
}
