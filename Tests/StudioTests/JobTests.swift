import Configuration
import Core
import Testing

@testable import Studio

@Suite struct JobTests {
    @Test func orderComesBackFromItsJob() throws {
        var order = RunOrder(loop: "story_spark", brief: "A ferry", count: 3, seed: 7, take: 2, isFresh: true)
        order.role = .sceneSmith
        order.inputs = ["BRIEF-1"]
        let read = try RunOrder(job: #require(order.job))
        #expect(read.job == order.job && read.seed == 7 && read.role == .sceneSmith && read.isFresh)
        #expect(read.inputs == ["BRIEF-1"])
        #expect(try RunOrder(job: ["loop": "gatecheck"]).job == RunOrder(loop: "gatecheck").job)
    }

    @Test(arguments: [0, 7, UInt64(Int64.max), UInt64(Int64.max) + 1, .max]) func everySeedComesBack(_ seed: UInt64)
        throws
    {
        let order = RunOrder(seed: seed)
        #expect(try RunOrder(job: #require(order.job)).seed == seed)
        #expect(try RunOrder(saved: order.saved).seed == seed)
    }

    @Test func orderWithSettingsOfAProviderIsNoJob() {
        var order = RunOrder()
        order.flags.model = "gpt-4o"
        #expect(order.job == nil)
        #expect(RunOrder(take: .next).job == nil)
    }

    @Test(
        arguments: [
            ["loop": "x", "host": "evil.test"], ["loop": "x", "flags": ["base_url": "http://evil.test"]], [:],
            "story_spark",
            ["loop": 5], ["loop": "x", "count": -1], ["loop": "x", "seed": "7"],
            ["loop": "x", "seed": -1], ["loop": "x", "seed": JSONValue(fraction: 1.5)],
            ["loop": "x", "role": "nobody"],
            ["loop": "x", "path": "/etc/passwd"], ["loop": "x", "take": "next"],
        ] as [JSONValue])
    func jobThatNamesMoreThanALoopAndItsInputsIsRefused(_ job: JSONValue) {
        let error = #expect(throws: RunError.self) { try RunOrder(job: job) }
        #expect(error?.kind == .order)
    }
}
