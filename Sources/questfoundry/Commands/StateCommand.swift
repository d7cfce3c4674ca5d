import ArgumentParser
import Configuration
import Core
import Foundation
import Workspace

/// `questfoundry state`.
struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "The form in which the workspace is kept, its migrations and its backups.",
        discussion: "Example: questfoundry state migrate --to 2 --dry-run",
        subcommands: [
            Status.self, Plan.self, Migrate.self, MakeBackup.self, Restore.self, Export.self, Import.self,
            Verify.self,
        ],
        defaultSubcommand: Status.self)

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Schema version, open migrations, what there is, and the last backup.",
            discussion: "Example: questfoundry state status --json")

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            do {
                let desk = try StateDesk(options)
                let summary = try desk.summary()
                Output.result(json ? summary.json.text(isPretty: true) : words(summary, desk))
            } catch { throw Failure(error) }
        }

        private func words(_ summary: StateSummary, _ desk: StateDesk) -> String {
            let open =
                summary.pendingMigrations > 0
                ? "\(summary.pendingMigrations) open: questfoundry state plan" : "none open"
            let backup = summary.backups.first.map { "\($0.name), \(Words.time($0.createdAt))" } ?? "none"
            return """
                schema version: \(summary.schemaVersion), newest \(summary.newestVersion); migrations: \(open)
                backend: \(desk.settings.backend.rawValue)
                artifacts: \(summary.counts.hotArtifacts) in work, \(summary.counts.coldArtifacts) finished; \
                \(summary.counts.snapshots) snapshots, \(summary.counts.tus) units
                backups: \(summary.backups.count); last: \(backup)
                """
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Read everything and say what is not as it should be. Changes nothing.",
            discussion: """
                Exit code 65 when there is a problem; what was merely edited outside is none.

                Example: questfoundry state verify --json | jq '.findings[] | select(.severity == "problem")'
                """)

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let findings: [StateFinding]
            do {
                let desk = try StateDesk(options, evenIfDamaged: true)
                findings = try await desk.work { progress in
                    try await StateVerifier(desk.workspace).findings(progress: progress)
                }
            } catch { throw Failure(error) }
            let isWhole = !findings.contains { $0.severity == .problem }
            if let format {
                let entries = findings.map(\.json)
                format.print(entries, document: ["ok": .bool(isWhole), "findings": .array(entries)])
            } else {
                Output.result(words(findings))
            }
            if !isWhole { throw ExitCode(Code.badData.rawValue) }
        }

        private func words(_ findings: [StateFinding]) -> String {
            guard !findings.isEmpty else { return "everything is as it should be" }
            return findings.map { finding in
                let mark = finding.severity == .problem ? "problem" : "note"
                return "\(mark): \(finding.path) \(finding.message)".visible()
                    + (finding.remedy.map { "\n    \($0.visible())" } ?? "")
            }.joined(separator: "\n")
        }
    }
}
