import ArgumentParser
import Core
import Metering
import Studio

/// `questfoundry limits`.
struct LimitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits", abstract: "Every limit and budget: what is left, what is reserved, when there is more.",
        discussion: "Example: questfoundry limits set global cost_per_day 8", subcommands: [List.self, Set.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Every limit and budget as it stands.",
            discussion: "Example: questfoundry limits --json | jq '.budgets[0].remaining'")

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let status = try await Opening(options: options).status()
            guard let format else { return Output.result(StatusText.limits(status)) }
            let (limits, budgets) = (status.json["limits"]?.array ?? [], status.json["budgets"]?.array ?? [])
            format.print(limits + budgets, document: ["limits": .array(limits), "budgets": .array(budgets)])
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set",
            abstract:
                "Raise or lower a limit for now, for every process.",
            discussion: """
                A budget's change holds until its period ends; any other until the running session ends, or when none \
                runs, the next one. A change that shall last is made in config.yml.

                Example: questfoundry limits set provider:openai cost_per_day 8
                """)

        @Argument(help: "global, provider:NAME, model:NAME or role:NAME.")
        var scope: String

        @Argument(help: "The limit's key, as in config.yml: cost_per_day, requests_per_minute, max_concurrent.")
        var key: String

        @Argument(help: "The new limit: dollars for a cost, else a whole number.")
        var value: String

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let (scope, key) = (try limitScope, try limitKey)
            let value = try amount(of: key)
            let change = try await Opening(options: options).withSession { session in
                try await session.changeLimit(key, at: scope, to: value, by: "limits set")
            }
            Output.result(json ? change.json.text(isPretty: true) : "\(change), \(change.ending)")
            if !options.quiet { Output.note("A change that shall last is made in config.yml, under rate_limiting.") }
        }

        private var limitScope: LimitScope {
            get throws(Failure) {
                let parts = scope.split(separator: ":", maxSplits: 1).map(String.init)
                let isGlobal = parts == ["global"]
                if let kind = parts.first, isGlobal || parts.count == 2, (kind == "global") == isGlobal {
                    let name = isGlobal ? "" : parts[1]
                    let role = RoleName(spelling: name)?.rawValue
                    if let scope = LimitScope(kind: kind, name: kind == "role" ? role ?? name : name) { return scope }
                }
                throw usage("\(scope.visible()) is no scope: write global, provider:NAME, model:NAME or role:NAME")
            }
        }

        private var limitKey: LimitKey {
            get throws(Failure) {
                if let key = LimitKey(key) { return key }
                throw usage("\(key.visible()) is no limit: write a key as in config.yml, such as cost_per_day")
            }
        }

        /// The value in what the limit counts.
        private func amount(of key: LimitKey) throws(Failure) -> Int64 {
            if case .cost = key {
                if let money = try? Money(dollars: value), money >= .zero,
                    let amount = Int64(exactly: money.picodollars)
                {
                    return amount
                }
                throw usage("\(value.visible()) is no amount of dollars from 0 on, such as 8 or 2.50")
            }
            let least: Int64 = key == .maxConcurrent ? 1 : 0
            if let count = Int64(value), (least...1_000_000_000).contains(count) { return count }
            throw usage("\(value.visible()) is no whole number from \(least) to 1,000,000,000")
        }

        private func usage(_ message: String) -> Failure { Failure(.usage, kind: "usage", message) }
    }
}
