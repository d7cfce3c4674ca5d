import ArgumentParser
import Core
import Foundation
import Workspace

extension StateCommand {
    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan", abstract: "What a migration would do. Changes nothing.",
            discussion: "Example: questfoundry state plan --to 1")

        @Option(help: ArgumentHelp("The version to go to; the newest when left out.", valueName: "version"))
        var to: Int?

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            do {
                let desk = try StateDesk(options)
                Output.result(MigrationWords.text(try await desk.plan(to: to), asJSON: json))
            } catch { throw Failure(error) }
        }
    }

    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "migrate", abstract: "Bring the workspace to another version of its form, up or down.",
            discussion: """
                The state before becomes a backup. Killed at any moment, the workspace opens in the old version or in \
                the new one, whole.

                Example: questfoundry state migrate --to 2 --dry-run
                """)

        @Option(help: ArgumentHelp("The version to go to; the newest when left out.", valueName: "version"))
        var to: Int?

        @Flag(help: "Only say what it would do.")
        var dryRun = false

        @Flag(help: "Do not ask, even when something is lost.")
        var yes = false

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            do {
                let desk = try StateDesk(options)
                if dryRun { return Output.result(MigrationWords.text(try await desk.plan(to: to), asJSON: json)) }
                let version = to ?? desk.newestVersion
                if version < desk.workspace.schemaVersion, !yes { try confirm(await desk.plan(to: version)) }
                let result = try await desk.work { progress in
                    try await desk.manager.migrate(to: version, progress: progress)
                }
                Output.result(json ? result.json.text(isPretty: true) : MigrationWords.text(result))
            } catch { throw Failure(error) }
        }

        private func confirm(_ plan: MigrationPlan) throws {
            let losses = plan.steps.flatMap(\.losses)
            guard !losses.isEmpty else { return }
            let lost = "version \(plan.to) does not keep \(losses.joined(separator: ", "))"
            guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
                throw Failure(.usage, kind: "usage", "\(lost): say that it shall be done with --yes")
            }
            FileHandle.standardError.write(Data("\(lost.visible()). Migrate? [y/N] ".utf8))
            guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else { throw ExitCode(Code.done.rawValue) }
        }
    }
}

/// What is said of migrations.
enum MigrationWords {
    static func text(_ plan: MigrationPlan, asJSON: Bool) -> String {
        guard !asJSON else { return plan.json.text(isPretty: true) }
        guard !plan.steps.isEmpty else { return "nothing to do: the workspace has version \(plan.to)" }
        let steps = plan.steps.map { step in
            let losses = step.losses.map { "\n    lost: \($0)" }.joined()
            return "\(step.isDowngrade ? "down" : "up") to version \(step.version) (\(step.name)): "
                + "\(step.hotRecords) artifacts in files, \(step.coldRecords) rows\n    "
                + (step.isDowngrade ? "Takes back: " : "") + step.summary + losses
        }
        return steps.joined(separator: "\n")
            + "\nwould write \(Words.bytes(plan.bytes)); the state before becomes a backup"
    }

    static func text(_ result: MigrationResult) -> String {
        guard let backup = result.backup else { return "nothing to do: the workspace has version \(result.to)" }
        return "migrated from version \(result.from) to \(result.to): \(result.hotRecords) artifacts in files, "
            + "\(result.coldRecords) rows\nthe state before is the backup \(backup)"
    }
}
