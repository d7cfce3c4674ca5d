import ArgumentParser
import Core
import Foundation
import ResponseCache
import Studio

extension CacheCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Every entry: its key, whose answer it is, how old, how large, what it cost, how it begins.",
            discussion: "Example: questfoundry cache list --provider openai --sort size --limit 10")

        @Option(help: "Entries of this provider.")
        var provider: String?

        @Option(
            help: "Which come first: those used or stored last, or the largest. used, stored, size.", transform: order)
        var sort = CacheOrder.used

        @Option(help: "At most so many entries.")
        var limit: Int?

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            if let limit, limit < 1 { throw ValidationError("--limit counts from 1.") }
        }

        func run() async throws {
            let entries = try await Opening(options: options).withSession { session in
                try await session.cachedEntries(of: provider, sortedBy: sort, atMost: limit ?? .max)
            }
            if let format { return format.print(entries.map(\.json)) }
            Output.result(entries.isEmpty ? "no entries" : table(entries))
        }

        private func table(_ entries: [CachedEntry]) -> String {
            let now = SystemTime().now().wall
            let rows = entries.map { entry in
                [
                    String(entry.key.prefix(12)), entry.provider, entry.model, Words.duration(now - entry.storedAt),
                    entry.lifetime(at: now), Words.bytes(entry.size), entry.price,
                    Words.line(entry.opening, atMost: 48),
                ]
            }
            return Output.table(["key", "provider", "model", "age", "expires", "size", "cost $", "begins"], rows)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Everything that one entry holds, the answer's text last.",
            discussion: "Example: questfoundry cache show 3fa9c2")

        @Argument(help: "An entry's key, or at least its first 6 digits when no other key begins with them.")
        var key: String

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (6...64).contains(key.utf8.count), key.utf8.allSatisfy({ Self.digits.contains($0) }) else {
                throw ValidationError("A key has 6 to 64 hexadecimal digits, as `cache list` shows them.")
            }
        }

        func run() async throws {
            let prefix = key.lowercased()
            let (entry, answer) = try await Opening(options: options).withSession {
                session -> (CachedEntry, CachedAnswer?) in
                let found = try await session.cachedEntries(withPrefix: prefix, atMost: 2)
                guard let entry = found.first else {
                    throw Failure(.badData, kind: "unknown_key", "no entry's key begins with \(prefix)")
                }
                guard found.count == 1 else {
                    throw Failure(
                        .badData, kind: "ambiguous_key", "more than one entry's key begins with \(prefix); add digits")
                }
                return (entry, try await session.cachedAnswer(entry.key))
            }
            Output.result(json ? entry.json(with: answer).text(isPretty: true) : words(entry, answer))
        }

        private static let digits = Set("0123456789abcdefABCDEF".utf8)

        private func words(_ entry: CachedEntry, _ answer: CachedAnswer?) -> String {
            let now = SystemTime().now().wall
            let cost = entry.cost.map { "$" + $0.dollars } ?? (entry.isDamaged ? "-" : "$? (no price)")
            let fields: [(String, String)] = [
                ("key", entry.key), ("provider", entry.provider), ("model", entry.model),
                ("stored", "\(Words.time(entry.storedAt)), \(Words.duration(now - entry.storedAt)) ago"),
                ("used", "\(Words.time(entry.usedAt)), \(Words.duration(now - entry.usedAt)) ago"),
                ("expires", entry.expiry(at: now)), ("size", "\(entry.size) bytes"), ("cost when made", cost),
            ]
            let lines = (fields + (answer?.answer.fields ?? [])).map { "\($0): \($1.visible())" }
            let text =
                answer.map { $0.answer.media?.description ?? $0.answer.text.visible(keepingLines: true) }
                ?? "the entry is damaged: its answer cannot be read"
            return lines.joined(separator: "\n") + "\n\n" + text
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear", abstract: "Remove every entry; asks first.",
            discussion: "Example: questfoundry cache clear --yes")

        @Flag(help: "Do not ask.")
        var yes = false

        @Flag(help: "Print one JSON document.")
        var json = false

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            guard yes || isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 else {
                throw Failure(
                    .usage, kind: "usage",
                    "cache clear removes every entry and cannot ask here: say that it shall with --yes")
            }
            let result = try await Opening(options: options).withSession { session -> PruneResult in
                if !yes {
                    let plan = try await session.prunePlan(.everything)
                    guard plan.entries == 0 || isWanted(plan) else { return PruneResult(entries: 0, bytes: 0) }
                }
                return try await session.prune(.everything)
            }
            let document: JSONValue = ["entries": JSONValue(result.entries), "bytes": JSONValue(result.bytes)]
            Output.result(
                json ? document.text(isPretty: true) : "removed \(result.entries) entries, \(result.bytes) bytes")
        }

        private func isWanted(_ plan: PruneResult) -> Bool {
            let question = "Remove all \(plan.entries) entries, \(Words.bytes(plan.bytes))? [y/N] "
            FileHandle.standardError.write(Data(question.utf8))
            let reply = readLine()?.lowercased() ?? ""
            return reply == "y" || reply == "yes"
        }
    }
}

@Sendable private func order(_ name: String) throws -> CacheOrder {
    guard let order = CacheOrder(rawValue: name) else {
        throw ValidationError("--sort takes used, stored or size.")
    }
    return order
}

extension CachedEntry {
    /// `damaged`, `expired`, `never`, or in how long it expires.
    fileprivate func lifetime(at now: Int64) -> String {
        if isDamaged { return "damaged" }
        if isExpired { return "expired" }
        return expiresAt.map { "in " + Words.duration($0 - now) } ?? "never"
    }

    fileprivate func expiry(at now: Int64) -> String {
        let moment = expiresAt.map { Words.time($0) + ", " } ?? ""
        return moment + lifetime(at: now)
    }

    fileprivate var price: String { isDamaged ? "-" : cost.map(Words.dollars) ?? "?" }
}

extension Answer {
    /// What `cache show` says of an answer before its text.
    fileprivate var fields: [(String, String)] {
        let cached = usage.cachedInputTokens > 0 ? " and \(usage.cachedInputTokens) cached" : ""
        let thought = usage.reasoningTokens > 0 ? ", \(usage.reasoningTokens) of them reasoning" : ""
        let tokens = "\(usage.inputTokens)\(cached) in, \(usage.outputTokens) out\(thought)"
        let known: [(String, String?)] = [
            ("answered by", model), ("answer's id", responseID), ("finish", finish.rawValue),
            ("tokens", tokens + (isUsageEstimated ? ", estimated" : "")), ("reasoning", reasoning),
        ]
        return known.compactMap { name, value in value.map { (name, $0) } }
    }
}
