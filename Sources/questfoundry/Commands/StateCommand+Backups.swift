import ArgumentParser
import Core
import Workspace

extension StateCommand {
    struct MakeBackup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup", abstract: "Make a backup, or list those that there are.",
            discussion: "Example: questfoundry state backup --list")

        @Flag(help: "Only list the backups, the newest first.")
        var list = false

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            do {
                let desk = try StateDesk(options)
                if list { return BackupWords.list(try desk.backups.all(), as: format) }
                let backup = try await desk.work { progress in
                    try await desk.backups.take(progress: progress)
                }
                if let format { return format.print(backup.json) }
                Output.result("made the backup \(backup.name): \(backup.files) files, \(Words.bytes(backup.bytes))")
            } catch { throw Failure(error) }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore", abstract: "Replace the state by that of a backup.",
            discussion: """
                Work in progress, finished artifacts, media and metadata.json are replaced; config.yml, overrides.yml, \
                prompts and loops stay. The present state becomes a backup first: restoring that one undoes it.

                Example: questfoundry state restore 20261124T120000.000Z-manual
                """)

        @Argument(help: "The backup's name, as `state restore --list` gives it.")
        var name: String?

        @Flag(help: "Only list the backups, the newest first.")
        var list = false

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (name != nil) != list else { throw ValidationError("Name a backup, or list them with --list.") }
        }

        func run() async throws {
            do {
                let desk = try StateDesk(options, evenIfDamaged: true)
                guard let name else { return BackupWords.list(try desk.backups.all(), as: format) }
                let (restored, undo) = try await desk.work { progress in
                    try await desk.backups.restore(name, progress: progress)
                }
                if let format { return format.print(["restored": restored.json, "undo": undo.json]) }
                Output.result("restored \(restored.name); the state before is the backup \(undo.name)")
            } catch { throw Failure(error) }
        }
    }
}

/// What is said of backups.
enum BackupWords {
    /// Prints what backups there are.
    static func list(_ backups: [Backup], as format: ListFormat?) {
        let entries = backups.map(\.json)
        if let format { return format.print(entries, document: ["backups": .array(entries)]) }
        guard !backups.isEmpty else { return Output.result("no backup yet: questfoundry state backup") }
        let rows = backups.map { backup in
            [
                backup.name, Words.time(backup.createdAt), backup.reason.rawValue, "\(backup.schemaVersion)",
                "\(backup.counts.hotArtifacts) + \(backup.counts.coldArtifacts)", "\(backup.files)",
                Words.bytes(backup.bytes),
            ]
        }
        Output.result(Output.table(["name", "made", "reason", "version", "artifacts", "files", "size"], rows))
    }
}
