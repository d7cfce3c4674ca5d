import Foundation

/// One line of the report: a figure, the bound that it has to keep, and how it came about.
struct Figure {
    var name: String
    var value: Double
    var bound: Double
    /// `×`, `ms`, `µs` or empty.
    var unit = "×"
    /// Whether more is better.
    var isFloor = false
    var details: String

    var holds: Bool { isFloor ? value >= bound : value <= bound }

    var line: String {
        let sign = isFloor ? "≥" : "≤"
        let figures = "\(Self.text(value)) \(unit) (\(sign) \(Self.text(bound)))"
        return "\(holds ? "✔" : "✘") \(name): \(figures)\n    \(details)"
    }

    static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(format: "%.2f", value)
    }
}

/// Times pieces of work in turns, so that whatever else the machine does touches all of them alike.
enum Stopwatch {
    /// The median time of one execution of each piece, in microseconds. Each piece gets the
    /// number of its execution.
    static func medians(
        rounds: Int, each count: Int, _ pieces: [(Int) throws -> Void]
    ) throws -> [Double] {
        var times = pieces.map { _ in [Double]() }
        var number = 0
        for round in 0...rounds {
            for (index, piece) in pieces.enumerated() {
                let start = DispatchTime.now().uptimeNanoseconds
                for step in 0..<count { try piece(number + step) }
                let took = Double(DispatchTime.now().uptimeNanoseconds - start) / Double(count) / 1_000
                // The first round warms up.
                if round > 0 { times[index].append(took) }
            }
            number += count
        }
        return times.map(median)
    }

    /// The same for asynchronous work, one execution at a time.
    static func medians(rounds: Int, _ pieces: [(Int) async throws -> Void]) async throws -> [Double] {
        var times = pieces.map { _ in [Double]() }
        for round in 0..<(rounds + rounds / 10) {
            for (index, piece) in pieces.enumerated() {
                let start = DispatchTime.now().uptimeNanoseconds
                try await piece(round)
                let took = Double(DispatchTime.now().uptimeNanoseconds - start) / 1_000
                if round >= rounds / 10 { times[index].append(took) }
            }
        }
        return times.map(median)
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    /// How long work takes, in milliseconds.
    static func milliseconds(_ work: () throws -> Void) rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try work()
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
    }

    static func milliseconds(_ work: () async throws -> Void) async rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try await work()
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
    }
}

/// Keeps the compiler from leaving out work whose result nobody uses.
@inline(never) func consume<Value>(_ value: Value) {}
