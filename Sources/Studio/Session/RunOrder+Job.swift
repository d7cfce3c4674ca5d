import Configuration
package import Core

extension RunOrder {
    private static let keys: Set<String> = ["loop", "brief", "count", "seed", "take", "fresh", "role", "inputs"]
    private static let longestBrief = 16 << 10
    private static let mostInputs = 1000

    /// The order as a job for a worker on any machine: a loop and its inputs, and nothing of where it is asked. nil where
    /// the order names more than that.
    package var job: JSONValue? {
        guard flags == RoleLayer(), goal == nil, case .number(let take) = take else { return nil }
        return [
            "loop": JSONValue(loop), "brief": JSONValue(brief), "count": count.map { JSONValue($0) } ?? .null,
            "seed": seed.map { JSONValue($0) } ?? .null, "take": JSONValue(take), "fresh": .bool(isFresh),
            "role": JSONValue(role?.rawValue), "inputs": .array(inputs.sorted().map { JSONValue($0) }),
        ]
    }

    /// Reads a job that somebody has put into the line. Throws for all that ``job`` does not write: whoever can write to
    /// the server must not be able to say where a worker sends what.
    package init(job: JSONValue) throws(RunError) {
        guard let members = job.object?.members, members.allSatisfy({ Self.keys.contains($0.key) }),
            let loop = job["loop"]?.string, loop.utf8.count <= 100
        else { throw Self.noJob("it must name a loop and its inputs, and nothing else") }
        self.init(loop: loop, brief: job["brief"]?.string)
        guard (brief?.utf8.count ?? 0) <= Self.longestBrief else { throw Self.noJob("its brief is too long") }
        count = try Self.number(job, "count")
        seed = try Self.number(job, "seed")
        take = .number(try Self.number(job, "take") ?? 1)
        isFresh = job["fresh"]?.bool ?? false
        inputs = Set((job["inputs"]?.array ?? []).compactMap(\.string))
        guard inputs.count <= Self.mostInputs, inputs.allSatisfy({ $0.utf8.count <= 200 }) else {
            throw Self.noJob("it names too many inputs, or too long ones")
        }
        guard let name = job["role"]?.string else { return }
        guard let role = RoleName(rawValue: name) else {
            throw Self.noJob("there is no role \(name.prefix(40).visible())")
        }
        self.role = role
    }

    private static func number<Number: FixedWidthInteger>(
        _ job: JSONValue, _ key: String
    ) throws(RunError) -> Number? {
        guard let value = job[key], !value.isNull else { return nil }
        guard case .number(let written) = value,
            let number = Number(written.literal) ?? written.int.flatMap({ Number(exactly: $0) }),
            number >= 0
        else { throw noJob("its \(key) is no number from 0") }
        return number
    }

    private static func noJob(_ reason: String) -> RunError { RunError(.order, "the job cannot be done: \(reason)") }
}
