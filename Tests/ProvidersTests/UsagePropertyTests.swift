import Core
import Testing

@testable import Providers

/// What servers report, sensible or not, comes out in disjoint classes whose sum is what was reported, or not at all.
@Suite struct UsagePropertyTests {
    private static let rounds = 20_000

    /// A count as a server might write it; nil for one that it leaves out.
    private func count(_ random: inout StableRandom) -> JSONValue? {
        switch random.next(below: 16) {
        case 0: return nil
        case 1: return .null
        case 2: return JSONValue(-1 - random.next(below: 9))
        case 3: return .number(JSONNumber(Double(random.next(below: 9)) + 0.5))
        case 4: return "7"
        case 5: return JSONValue(Int.max - random.next(below: 2))
        case 6: return JSONValue(Usage.limit + random.next(below: 2))
        case 7: return .number(JSONNumber(Double.infinity))
        default: return JSONValue(random.next(below: 9))
        }
    }

    private func counts(_ names: [String], _ random: inout StableRandom) -> JSONObject {
        var object = JSONObject()
        for name in names { object[name] = count(&random) }
        return object
    }

    /// Small enough for any sum of a few to fit.
    private func sum(_ object: JSONObject, _ names: String...) -> Int {
        names.reduce(0) { $0 + min(max(object[$1]?.int ?? 0, 0), Usage.limit) }
    }

    private func isSound(_ usage: Usage) -> Bool {
        let classes = [
            usage.inputTokens, usage.cachedInputTokens, usage.cacheWriteTokens, usage.cacheWriteHourTokens,
            usage.outputTokens,
        ]
        guard classes.allSatisfy({ (0...Usage.limit).contains($0) }) else { return false }
        return (0...usage.outputTokens).contains(usage.reasoningTokens) && usage.totalTokens == classes.reduce(0, +)
    }

    @Test func openAIReportsAreReadWholeOrRefused() {
        var random = StableRandom(seed: 1)
        var read = 0
        for _ in 0..<Self.rounds {
            var report = counts(["prompt_tokens", "completion_tokens"], &random)
            let input = counts(["cached_tokens", "cache_write_tokens"], &random)
            let output = counts(["reasoning_tokens"], &random)
            report["prompt_tokens_details"] = .object(input)
            report["completion_tokens_details"] = .object(output)
            let plain = sum(report, "prompt_tokens", "completion_tokens")
            let totals: [JSONValue?] = [
                nil, JSONValue(plain), JSONValue(plain + sum(output, "reasoning_tokens")), count(&random),
            ]
            report["total_tokens"] = totals[random.next(below: totals.count)]
            guard let usage = Usage(chat: .object(report)) else { continue }
            read += 1
            #expect(isSound(usage))
            #expect(usage.allInputTokens == report["prompt_tokens"]?.int)
            #expect(usage.cachedInputTokens == sum(input, "cached_tokens"))
            #expect(usage.totalTokens == report["total_tokens"]?.int ?? plain)
        }
        #expect(read > 100 && read < Self.rounds)
    }

    @Test func anthropicReportsAreReadWholeOrRefused() {
        var random = StableRandom(seed: 2)
        var read = 0
        for _ in 0..<Self.rounds {
            var report = counts(["input_tokens", "cache_read_input_tokens", "output_tokens"], &random)
            let split = counts(["ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"], &random)
            let written = sum(split, "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
            let hasSplit = random.next(below: 2) == 0
            if hasSplit { report["cache_creation"] = .object(split) }
            report["cache_creation_input_tokens"] = random.next(below: 3) > 0 ? JSONValue(written) : count(&random)
            guard let usage = Usage(anthropic: .object(report)) else { continue }
            read += 1
            let total = report["cache_creation_input_tokens"]?.int ?? (hasSplit ? written : 0)
            #expect(isSound(usage))
            #expect(usage.inputTokens == report["input_tokens"]?.int)
            #expect(usage.cacheWriteTokens + usage.cacheWriteHourTokens == total)
            #expect(
                usage.totalTokens == total + sum(report, "input_tokens", "cache_read_input_tokens", "output_tokens"))
        }
        #expect(read > 100 && read < Self.rounds)
    }

    @Test func geminiReportsAreReadWholeOrRefused() {
        var random = StableRandom(seed: 3)
        var read = 0
        for _ in 0..<Self.rounds {
            var report = counts(
                [
                    "promptTokenCount", "cachedContentTokenCount", "candidatesTokenCount", "thoughtsTokenCount",
                    "toolUsePromptTokenCount",
                ], &random)
            let plain = sum(report, "promptTokenCount", "toolUsePromptTokenCount", "candidatesTokenCount")
            let whole = plain + sum(report, "thoughtsTokenCount")
            let totals: [JSONValue?] = [nil, JSONValue(plain), JSONValue(whole), count(&random)]
            report["totalTokenCount"] = totals[random.next(below: totals.count)]
            guard let usage = Usage(gemini: .object(report)) else { continue }
            read += 1
            #expect(isSound(usage))
            #expect(usage.allInputTokens == sum(report, "promptTokenCount", "toolUsePromptTokenCount"))
            #expect(usage.cachedInputTokens == sum(report, "cachedContentTokenCount"))
            #expect(usage.totalTokens == report["totalTokenCount"]?.int ?? whole)
        }
        #expect(read > 100 && read < Self.rounds)
    }
}
