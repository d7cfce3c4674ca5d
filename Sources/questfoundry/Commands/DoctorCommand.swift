import ArgumentParser
import Configuration
import Core
import Foundation
import Studio
import Terminal
import Workspace

/// `questfoundry doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check keys, hosts, models, prices, terminal, files and disk, without spending anything.",
        discussion: """
            Servers are asked for their lists of models only. Exit code 78 when what is configured cannot work, 69 when \
            something cannot be used now.

            Example: questfoundry doctor --json
            """)

    @Flag
    var format: ListFormat?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let checks = try await checks()
        let causes = checks.compactMap(\.verdict.cause)
        if let format {
            let entries = checks.map(\.json)
            format.print(entries, document: ["ok": .bool(causes.isEmpty), "checks": .array(entries)])
        } else {
            Output.result(text(checks))
        }
        if causes.contains(.configuration) { throw ExitCode(Code.badConfiguration.rawValue) }
        if causes.contains(.unavailable) { throw ExitCode(Code.unavailable.rawValue) }
    }

    private func checks() async throws(Failure) -> [HealthCheck] {
        do {
            let opening = Opening(options: options)
            let terminal = [TerminalFacts.current().check]
            // Who names a workspace wants that one.
            guard let workspace = try options.project == nil ? opening.workspaceIfAny() : opening.workspace() else {
                return terminal + [
                    HealthCheck(
                        "workspace", "", .warning, "there is none at or around this folder",
                        remedy: "questfoundry init makes one")
                ]
            }
            var loaded = opening.load(for: workspace)
            loaded.configuration = try loaded.configuration.map { try opening.trusting($0, of: workspace) }
            return await Doctor(workspace, loaded: loaded).examine() + terminal
        } catch { throw Failure(error) }
    }

    private func text(_ checks: [HealthCheck]) -> String {
        let isUTF8 = TerminalFacts.current().isUTF8
        let names = checks.map { ($0.subject.isEmpty ? $0.area : "\($0.area) \($0.subject)") }
        let width = min(28, names.map(\.count).max() ?? 0)
        return zip(names, checks).map { name, check in
            let gap = String(repeating: " ", count: max(2, width + 2 - name.count))
            let remedy = check.remedy.map { "\n" + String(repeating: " ", count: width + 4) + $0 } ?? ""
            return check.verdict.mark(isUTF8: isUTF8) + " " + name + gap + check.message + remedy
        }.joined(separator: "\n")
    }
}

extension HealthCheck.Verdict {
    fileprivate func mark(isUTF8: Bool) -> String {
        switch self {
        case .good: isUTF8 ? "✓" : "+"
        case .warning: "!"
        case .problem: isUTF8 ? "✗" : "x"
        }
    }
}

extension TerminalFacts {
    /// Whether the dashboard can be shown.
    fileprivate var check: HealthCheck {
        let size = size.map { ", \($0.width)x\($0.height)" } ?? ""
        let letters = isUTF8 ? "UTF-8" : "no UTF-8"
        guard !type.isEmpty, type != "dumb" else {
            let name = type.isEmpty ? "TERM is not set" : "TERM is \(type)"
            return HealthCheck(
                "terminal", "", .warning, "\(name): the dashboard says its figures in words", remedy: "set TERM")
        }
        guard let colors else {
            return HealthCheck(
                "terminal", "", .warning, "\(type) is not known here, \(letters)\(size)",
                remedy: "install ncurses-term, or set TERM; xterm-256color is used until then")
        }
        let facts = "\(type), \(colors == 0 ? "no" : "\(colors)") colours, \(letters)\(size)"
        if !isTerminal { return HealthCheck("terminal", "", .good, "\(facts); not in use here") }
        return HealthCheck(
            "terminal", "", isUTF8 ? .good : .warning, facts,
            remedy: isUTF8 ? nil : "name a UTF-8 locale in LANG; frames are drawn in ASCII until then")
    }
}
