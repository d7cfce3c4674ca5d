import ArgumentParser
import Core
import Glibc
import Workspace

/// The program: without a subcommand it opens the dashboard.
@main
struct QuestFoundry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questfoundry",
        abstract: "A studio for writing interactive fiction with language models, and its cockpit.",
        discussion: """
            Without a subcommand the dashboard opens for the workspace around the current folder.

            Example: questfoundry init lantern --brief "A ferry that counts its passengers" && \
            questfoundry --project lantern generate
            """,
        version: ProgramVersion.text,
        subcommands: [
            InitCommand.self, GenerateCommand.self, ResumeCommand.self, PauseCommand.self, CancelCommand.self,
            NoteCommand.self, RedoCommand.self, UndoCommand.self, StatusCommand.self, SessionCommand.self,
            RolesCommand.self,
            CacheCommand.self, CostCommand.self, LimitsCommand.self, StateCommand.self, ArtifactsCommand.self,
            LoopsCommand.self, BookCommand.self, ConfigCommand.self, DoctorCommand.self, WorkerCommand.self,
        ])

    @Flag(help: "Open a dashboard that can only look.")
    var readOnly = false

    @OptionGroup var options: GlobalOptions

    static func main() async {
        // A file that may not grow any more is an error that is told, like a full disk, and no end.
        signal(SIGXFSZ, SIG_IGN)
        checkMigrations()
        let arguments = GlobalOptions.movedToEnd(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            failure.report(asJSON: arguments.contains("--json"))
            exit(withError: ExitCode(failure.code.rawValue))
        } catch {
            exit(withError: error)
        }
    }

    /// A program whose list of migrations is not whole must not touch any workspace.
    private static func checkMigrations() {
        do { try Migration.check() } catch {
            Failure(error).report(asJSON: false)
            exit(withError: ExitCode(Code.workFailed.rawValue))
        }
    }

    func run() async throws { try await DashboardOpening(options: options, isReadOnly: readOnly).run() }
}
