import Core
import Foundation
import Studio
import Workspace

/// The gate and every form of the book, at 1,000 scenes and at 10,000.
enum BookBenchmarks {
    private static let sizes = (small: 1_000, large: 10_000)

    static func run() async throws -> [Figure] {
        let small = artifacts(sizes.small)
        let large = artifacts(sizes.large)
        var figures = [
            try Self.figures(of: "the gate", { consume(Gate(Story(small))) }, { consume(Gate(Story(large))) }),
            try Self.figures(of: "binding", { consume(try bound(small)) }, { consume(try bound(large)) }),
        ]
        for format in BookFormats.all {
            figures.append(
                try Self.figures(
                    of: "binding and export as \(format.name)", { consume(format.data(of: try bound(small))) },
                    { consume(format.data(of: try bound(large))) }))
        }
        return figures.flatMap(\.self)
    }

    private static func bound(_ artifacts: [Artifact]) throws -> Book {
        var binding = Binding(name: "Benchmark") { _ throws(WorkspaceError) in nil }
        return try binding.book(of: artifacts)
    }

    private static func figures(
        of name: String, _ small: @escaping () throws -> Void, _ large: @escaping () throws -> Void
    ) throws -> [Figure] {
        let ratio = Double(sizes.large / sizes.small)
        let medians = try Stopwatch.medians(rounds: 9, each: 1, [{ _ in try small() }, { _ in try large() }])
        let details = String(format: "%.1f ms beside %.1f ms", medians[1] / 1_000, medians[0] / 1_000)
        return [
            Figure(
                name: "\(name): a scene of 10,000 beside one of 1,000", value: medians[1] / medians[0] / ratio,
                bound: 1.3, details: details),
            Figure(
                name: "\(name) of 10,000 scenes", value: medians[1] / 1_000, bound: 2_000, unit: "ms",
                details: details),
        ]
    }

    /// A story in rows of ten, with codewords, gateways and texts of 1 KB.
    static func artifacts(_ count: Int) -> [Artifact] {
        (0..<count).map { number in
            let targets = [number + 1, number + 7, number + 10].filter { $0 < count }
            let choices = targets.enumerated().map { index, target -> JSONValue in
                let requires: JSONValue = index == 2 ? [JSONValue("word \(target % 100)")] : []
                return ["label": "Go on to the bridge", "target": JSONValue("SCENE-\(target)"), "requires": requires]
            }
            return Artifact(
                id: "SCENE-\(number)", type: "scene",
                data: [
                    "id": JSONValue("SCENE-\(number)"), "title": JSONValue("Bridge \(number)"),
                    "text": JSONValue(Sample.text(1_000, number)), "choices": .array(choices),
                    "sets": [JSONValue("word \(number % 100)")], "ending": .bool(targets.isEmpty),
                ])
        }
    }
}
