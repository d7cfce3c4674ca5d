import ArgumentParser
import Configuration
import Core
import Foundation
import Workspace

/// `questfoundry config`.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check config.yml, and show what is in force.",
        subcommands: [Check.self, Show.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Every problem with its line; exit code 78 when there is an error.",
            discussion: "Example: questfoundry config check")

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let opening = Opening(options: options)
            let loaded: LoadedConfiguration
            do { loaded = opening.load(for: try opening.workspace()) } catch { throw Failure(error) }
            if let format {
                let entries = loaded.problems.map(\.json)
                format.print(entries, document: ["problems": .array(entries)])
            } else {
                for problem in loaded.problems { Output.result(problem.description.visible(keepingLines: true)) }
                if loaded.problems.isEmpty { Output.result("no problems") }
            }
            if loaded.configuration == nil { throw ExitCode(Code.badConfiguration.rawValue) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Every value in force and where it comes from; never a secret.",
            discussion: "Example: questfoundry config show")

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            do {
                let opening = Opening(options: options)
                let workspace = try opening.workspace()
                let configuration = try opening.configuration(of: workspace)
                    .applying(Overrides.load(path: workspace.paths.overrides))
                Output.result(configuration.show(environment: ProcessInfo.processInfo.environment))
            } catch { throw Failure(error) }
        }
    }
}

extension Problem {
    fileprivate var json: JSONValue {
        [
            "severity": JSONValue(severity.rawValue), "file": JSONValue(file), "line": JSONValue(line),
            "column": JSONValue(column), "message": JSONValue(message),
        ]
    }
}
