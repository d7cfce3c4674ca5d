import ArgumentParser
import Core
import Metering
import Studio

/// `questfoundry cost`.
struct CostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost", abstract: "What was spent, by whom and when; every call as a table.",
        discussion: "Example: questfoundry cost --by role,day --from 2026-11-01",
        subcommands: [Summary.self, Export.self], defaultSubcommand: Summary.self)

    /// The days that count, both included.
    struct Days: ParsableArguments {
        @Option(
            help: ArgumentHelp("The first day, in the zone of rate_limiting.timezone.", valueName: "date"),
            transform: calendarDay)
        var from: CalendarDay?

        @Option(help: ArgumentHelp("The last day, the same way.", valueName: "date"), transform: calendarDay)
        var to: CalendarDay?

        func validate() throws {
            if let from, let to, to < from { throw ValidationError("--to is a day before --from.") }
        }
    }

    struct Summary: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "summary", abstract: "What was spent, by provider, model, role, loop or day.",
            discussion: """
                Calls are requests, each counted once, hits included; tokens are those that were billed. A ? stands \
                for calls of models without a price.

                Example: questfoundry cost summary --by model,day --from 2026-11-01 --to 2026-11-30
                """)

        @Option(help: ArgumentHelp("One or more of provider, model, role, loop, day.", valueName: "keys"))
        var by = Grouping(keys: [.model])

        @OptionGroup var days: Days

        @Flag
        var format: ListFormat?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let summary = try await Opening(options: options).withSession { session in
                try await session.costSummary(by: by.keys, from: days.from, to: days.to)
            }
            let document = summary.json
            if let format { return format.print(document["groups"]?.array ?? [], document: document) }
            Output.result(summary.table)
        }
    }

    struct Export: AsyncParsableCommand {
        enum Format: String, EnumerableFlag { case csv, json, jsonl }

        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Every row of the ledger: one for each call, and for each answer that came without one.",
            discussion: """
                Rows that costs.keep_rows_days no longer keeps are daily sums: sum_of says of how many rows.

                Cells that a spreadsheet would run as a formula begin with a quote. What is not known is empty, in \
                JSON null.

                Example: questfoundry cost export --from 2026-11-01 --csv > november.csv
                """)

        @OptionGroup var days: Days

        @Flag(help: "As comma-separated values, one JSON document, or one object per line.")
        var format = Format.csv

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Opening(options: options).withSession { session in
                var page = try await session.ledgerPage(from: days.from, to: days.to)
                if let head { Output.result(head) }
                if let text = text(of: page) { Output.result(text) }
                while let place = page.next {
                    page = try await session.ledgerPage(from: days.from, to: days.to, after: place)
                    if let text = text(of: page) { Output.result(text) }
                }
                if format == .json { Output.result("]") }
            }
        }

        private var head: String? {
            switch format {
            case .csv: LedgerLine.csvHeader + "\r"
            case .json: "["
            case .jsonl: nil
            }
        }

        /// The rows of a page but for the last line end; nil when there are none. CSV's lines end with two characters,
        /// of which the first is here.
        private func text(of page: LedgerPage) -> String? {
            guard !page.lines.isEmpty else { return nil }
            switch format {
            case .csv: return page.lines.map(\.csv).joined(separator: "\r\n") + "\r"
            case .json:
                return page.lines.map { $0.json.text() }.joined(separator: ",\n") + (page.next == nil ? "" : ",")
            case .jsonl: return page.lines.map { $0.json.text() }.joined(separator: "\n")
            }
        }
    }
}

/// The keys of a summary as people write them: `role,day`.
struct Grouping: ExpressibleByArgument {
    var keys: [CostKey]

    init(keys: [CostKey]) { self.keys = keys }

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false)
        keys = names.compactMap { CostKey(rawValue: String($0)) }
        guard keys.count == names.count, Set(keys).count == keys.count else { return nil }
    }

    var defaultValueDescription: String { keys.map(\.rawValue).joined(separator: ",") }
}

@Sendable private func calendarDay(_ text: String) throws -> CalendarDay {
    guard let day = CalendarDay(text) else {
        throw ValidationError("A day is written like 2026-11-24, and has to be in the calendar.")
    }
    return day
}

extension CostSummary {
    fileprivate var table: String {
        let header = ["calls", "hits", "tokens in", "cached in", "out", "cost $", "estimated $", "saved $"]
        let rows = groups.map { $0.names + $0.figures.cells }
        let totalNames = ["total"] + Array(repeating: "", count: max(0, keys.count - 1))
        return Output.table(keys.map(\.rawValue) + header, rows + [totalNames + total.cells])
    }
}

extension CostFigures {
    fileprivate var cells: [String] {
        [
            "\(calls)", "\(hits)", "\(inputTokens)", "\(cachedInputTokens)", "\(outputTokens)", price,
            Words.dollars(estimated), Words.dollars(saved),
        ]
    }

    /// A `?` where something had no price: alone, or behind what is known.
    private var price: String {
        guard unpriced > 0 else { return Words.dollars(cost) }
        return cost == .zero ? "?" : Words.dollars(cost) + " + ?"
    }
}
