import Foundation

/// Measures what the README promises, each figure against its bare counterpart in the same run.
///
///     swift run -c release --static-swift-stdlib Benchmarks [GROUP ...]
///
/// The groups are those below; without one, all of them run.
///
/// Ends with status 1 when a bound is not kept.
@main enum Benchmarks {
    private static let groups: [(name: String, run: @Sendable () async throws -> [Figure])] = {
        #if Redis
            return everywhere + [("redis", RedisBenchmarks.run)]
        #else
            return everywhere
        #endif
    }()

    private static let everywhere: [(name: String, run: @Sendable () async throws -> [Figure])] = [
        ("limiter", LimiterBenchmarks.run),
        ("cache", CacheBenchmarks.run),
        ("ledger", LedgerBenchmarks.run),
        ("requests", RequestBenchmarks.run),
        ("migration", MigrationBenchmarks.run),
        ("book", BookBenchmarks.run),
        ("program", ProgramBenchmarks.run),
        ("dashboard", DashboardBenchmarks.run),
    ]

    static func main() async {
        let wanted = CommandLine.arguments.dropFirst()
        var allHold = true
        for group in groups where wanted.isEmpty || wanted.contains(group.name) {
            print("\(group.name)")
            do {
                for figure in try await group.run() {
                    print(figure.line)
                    allHold = allHold && figure.holds
                }
            } catch {
                print("✘ \(error)")
                allHold = false
            }
        }
        exit(allHold ? 0 : 1)
    }
}
