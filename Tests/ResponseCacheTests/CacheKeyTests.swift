import Core
import Testing

@testable import ResponseCache

@Suite struct CacheKeyTests {
    /// One field of a call, changed.
    struct Variation: Sendable {
        var field: String
        var change: @Sendable (inout TextCall) -> Void

        init(_ field: String, _ change: @escaping @Sendable (inout TextCall) -> Void) {
            self.field = field
            self.change = change
        }

        var call: TextCall {
            var call = CacheKeyTests.base
            change(&call)
            return call
        }
    }

    static let base = TextCall(
        provider: "home", providerType: "openai", endpoint: "https://api.example/v1", model: "gpt-4o",
        messages: [Message(.system, "You write."), Message(.user, "A hook.")], temperature: 0.5, topP: 0.9,
        frequencyPenalty: 0.1, presencePenalty: 0.2, maxTokens: 100, seed: 7, stop: ["END"], wantsJSON: true, take: 2)

    static let variations = [
        Variation("provider") { $0.provider = "other" },
        Variation("providerType") { $0.providerType = "embedded" },
        Variation("endpoint") { $0.endpoint = "https://api.example/v2" },
        Variation("endpoint") { $0.endpoint = "" },
        Variation("model") { $0.model = "gpt-4o-mini" },
        Variation("messages") { $0.messages = [] },
        Variation("messages") { $0.messages[1].content += " " },
        Variation("messages") { $0.messages[1].author = .assistant },
        Variation("messages") { $0.messages.reverse() },
        Variation("messages") { $0.messages.append(Message(.assistant, "")) },
        Variation("temperature") { $0.temperature = nil },
        Variation("temperature") { $0.temperature = 0 },
        Variation("temperature") { $0.temperature = 0.500000000000001 },
        Variation("topP") { $0.topP = nil },
        Variation("topP") { $0.topP = 1 },
        Variation("topK") { $0.topK = 0 },
        Variation("topK") { $0.topK = 40 },
        Variation("frequencyPenalty") { $0.frequencyPenalty = nil },
        Variation("frequencyPenalty") { $0.frequencyPenalty = 0 },
        Variation("presencePenalty") { $0.presencePenalty = nil },
        Variation("presencePenalty") { $0.presencePenalty = 0 },
        Variation("maxTokens") { $0.maxTokens = 101 },
        Variation("seed") { $0.seed = nil },
        Variation("seed") { $0.seed = 0 },
        Variation("seed") { $0.seed = .max },
        Variation("stop") { $0.stop = [] },
        Variation("stop") { $0.stop = [""] },
        Variation("stop") { $0.stop = ["EN", "D"] },
        Variation("wantsJSON") { $0.wantsJSON = false },
        Variation("take") { $0.take = 1 },
    ]

    private func key(_ change: (inout TextCall) -> Void = { _ in }) -> String {
        var call = Self.base
        change(&call)
        return CacheKey(for: call).description
    }

    @Test func everyFieldOfACallIsVaried() {
        let fields = Mirror(reflecting: Self.base).children.compactMap(\.label)
        #expect(fields.count == Set(Self.variations.map(\.field)).count)
        #expect(Set(fields) == Set(Self.variations.map(\.field)))
    }

    @Test func changingAnyFieldMakesAnotherKey() {
        let calls = [Self.base] + Self.variations.map(\.call)
        #expect(Set(calls).count == calls.count)
        #expect(Set(calls.map { CacheKey(for: $0) }).count == calls.count)
    }

    @Test func equalCallsHaveOneKey() {
        let expected = key()
        #expect(key { $0.stop = ["E" + "ND"] } == expected)
        #expect(CacheKey(for: Self.base) == CacheKey(for: Self.base))
        #expect(expected.count == 64)
        #expect(expected.allSatisfy { "0123456789abcdef".contains($0) })
    }

    /// Made by the encoding's description, outside this program: another key for a call makes every cache worthless.
    @Test func keysStayWhatTheyWere() {
        #expect(key() == "417ffb07c6eadae294b22928d868eca3a532d8980d2b49e7b637999d3d9fbc38")
        let long = key { $0.messages[1].content = String(repeating: "A hook. ", count: 1_000) }
        #expect(long == "950d8ac3d674f0892e0fb1ed213687b200171c382bfee2bf7461ed7599e372cb")
    }

    @Test func absentIsToldFromEveryPresentValue() {
        let absent = key { $0.temperature = nil }
        for value in [0, 1, 0.5, -1, .nan] as [Double] { #expect(key { $0.temperature = value } != absent) }
        #expect(key { $0.seed = nil } != key { $0.seed = 0 })
        #expect(key { $0.stop = [] } != key { $0.stop = [""] })
        #expect(key { ($0.temperature, $0.topP) = (nil, 0.5) } != key { ($0.temperature, $0.topP) = (0.5, nil) })
    }

    @Test func noTwoListsOfStopsHaveOneKey() {
        let lists = [["ab", "c"], ["a", "bc"], ["abc"], ["a", "b", "c"], ["abc", ""], ["", "abc"], ["c", "ab"]]
        #expect(Set(lists.map { list in key { $0.stop = list } }).count == lists.count)
    }

    @Test func noTwoConversationsHaveOneKey() {
        let conversations = [
            [Message(.user, "ab"), Message(.user, "c")], [Message(.user, "a"), Message(.user, "bc")],
            [Message(.user, "abc")], [Message(.user, "abuserc")], [Message(.user, "ab"), Message(.assistant, "c")],
            [Message(.assistant, "ab"), Message(.user, "c")], [Message(.user, ""), Message(.user, "abc")],
            [Message(.user, "abc"), Message(.user, "")], [Message(.user, "ab\0c")],
        ]
        #expect(Set(conversations.map { list in key { $0.messages = list } }).count == conversations.count)
    }

    @Test func textDoesNotMoveFromOneFieldToTheNext() {
        #expect(
            key { ($0.provider, $0.providerType) = ("ab", "c") } != key { ($0.provider, $0.providerType) = ("a", "bc") }
        )
        #expect(key { ($0.endpoint, $0.model) = ("", "m") } != key { ($0.endpoint, $0.model) = ("m", "") })
    }

    @Test func textsThatSwiftHoldsToBeEqualHaveTheirOwnKeys() {
        #expect(key { $0.model = "\u{E9}" } != key { $0.model = "e\u{301}" })
    }

    @Test func keysOfTheSameWordsBeginAlikeWhoeverIsAskedAndHow() {
        let words = key().prefix(8)
        for variation in Self.variations {
            let key = CacheKey(for: variation.call).description
            #expect((key.prefix(8) == words) == (variation.field != "messages"), "\(variation.field)")
            #expect(key.dropFirst(8) != self.key().dropFirst(8), "\(variation.field)")
        }
    }
}
