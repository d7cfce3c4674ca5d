import ArgumentParser
import Core
import Metering
import ResponseCache
import Studio

/// `questfoundry cache`.
struct CacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "What the response cache holds and saves; prune it.",
        discussion: "Example: questfoundry cache list --sort size --limit 10",
        subcommands: [Stats.self, List.self, Show.self, Prune.self, Clear.self], defaultSubcommand: Stats.self)

    struct Stats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stats",
            abstract: "Entries, size, hit rates and savings; what the misses cost, and why they missed.",
            discussion: "Example: questfoundry cache stats --by provider,model --over today")

        @Option(help: ArgumentHelp("One or more of provider, model, role, loop.", valueName: "keys"), transform: keys)
        var by: [TallyKey] = []

        @Option(
            help: ArgumentHelp("With --by: session, today, month or all.", valueName: "stretch"), transform: stretch)
        var over = Tallies.Stretch.all

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let status = try await Opening(options: options).withSession { session in
                // The figures themselves leave out a cache that cannot be read.
                _ = try await session.prunePlan(.everything)
                var status = try await session.status()
                if over == .month { status.tallies.month = try await session.monthTallies() }
                return status
            }
            guard !by.isEmpty else {
                if let format { return format.print(status.json["cache"] ?? .null) }
                return Output.result(StatusText.cache(status))
            }
            let document = status.tallies.lookupsJSON(by: by, over: over)
            if let format { return format.print(document["groups"]?.array ?? [], document: document) }
            Output.result(StatusText.lookups(status, by: by, over: over))
        }
    }

    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prune", abstract: "Remove entries: the expired ones, or those that the options name.",
            discussion: "Example: questfoundry cache prune --older-than 7d --dry-run")

        @Flag(help: "Expired entries (the default).")
        var expired = false

        @Option(help: ArgumentHelp("Entries older than this: 30m, 12h, 7d.", valueName: "age"))
        var olderThan: Age?

        @Option(help: "Entries of this provider.")
        var provider: String?

        @Flag(help: "Only say how many entries and how much.")
        var dryRun = false

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard [expired, olderThan != nil, provider != nil].count(where: { $0 }) <= 1 else {
                throw ValidationError("Name one of --expired, --older-than and --provider.")
            }
        }

        func run() async throws {
            let result = try await Opening(options: options).withSession { session in
                try await dryRun ? session.prunePlan(filter) : session.prune(filter)
            }
            let document: JSONValue = [
                "entries": JSONValue(result.entries), "bytes": JSONValue(result.bytes), "dry_run": .bool(dryRun),
            ]
            let verb = dryRun ? "would remove" : "removed"
            Output.result(
                json ? document.text(isPretty: true) : "\(verb) \(result.entries) entries, \(result.bytes) bytes")
        }

        private var filter: PruneFilter {
            if let olderThan { return .olderThan(seconds: olderThan.seconds) }
            if let provider { return .provider(provider) }
            return .expired
        }
    }
}

@Sendable private func keys(_ text: String) throws -> [TallyKey] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    let keys = names.compactMap { TallyKey(rawValue: String($0)) }
    guard keys.count == names.count, Set(keys).count == keys.count else {
        throw ValidationError("--by takes one or more of provider, model, role, loop, each once.")
    }
    return keys
}

@Sendable private func stretch(_ text: String) throws -> Tallies.Stretch {
    guard let stretch = Tallies.Stretch(rawValue: text) else {
        throw ValidationError("--over takes session, today, month or all.")
    }
    return stretch
}

/// A stretch of time as people write it: `90s`, `30m`, `12h`, `7d`.
struct Age: ExpressibleByArgument {
    var seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int(argument.dropLast()),
            (0...36_500 * 24).contains(count)
        else { return nil }
        seconds = count * unit
    }
}
