import ArgumentParser
import Core
import Studio

/// `questfoundry undo`.
struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back the last provider switch or change of a limit.",
        discussion: "Example: questfoundry roles set scene_smith --provider local && questfoundry undo")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        Output.result(try await Opening(options: options).withSession { try await $0.undo() })
    }
}
