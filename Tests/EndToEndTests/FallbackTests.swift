import Core
import Foundation
import TestKit
import Testing

/// The built program, two of whose roles write with two providers, one of which fails.
@Suite struct FallbackTests {
    private struct Row: Hashable {
        var provider: String?
        var model: String?
        var role: String?
    }

    private static func config(_ first: FakeTextServer, _ second: FakeTextServer) -> String {
        """
        providers:
          text:
            default: first
            first: { type: openai, base_url: \(first.baseURL.absoluteString), model: tiny }
            second: { type: anthropic, base_url: \(second.baseURL.absoluteString), model: small, api_key: local }
        roles:
          scene_smith: { provider: first, model: special, fallback: [second, embedded] }
        retry: { max_retries: 1, initial_delay_ms: 1, max_delay_ms: 2 }
        rate_limiting:
          models:
            tiny: { cost_per_input_token: 0.000001, cost_per_output_token: 0.000002 }
            special: { cost_per_input_token: 0.000001, cost_per_output_token: 0.000002 }
            small: { cost_per_input_token: 0.000003, cost_per_output_token: 0.000004 }
        """
    }

    @Test func bothProvidersStandInTheBooksWithWhatTheyTook() async throws {
        let first = try await FakeTextServer.start { request in
            request.body["model"]?.string == "special"
                ? .error(status: 503, message: "Busy") : .answer(FakeStory.answer(to: request.body))
        }
        let second = try await FakeTextServer.start(FakeAnthropicForm())
        let project = try await Project(config: Self.config(first, second))
        let run = try await project.run("generate", "--count", "2", "--json")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("scene_smith: first failed (503), second asked instead"))
        // One more try of the first for each scene, then the second with its own model.
        #expect(first.requests.filter { $0.body["model"]?.string == "special" }.count == 4)
        #expect(second.requests.map { $0.body["model"]?.string } == ["small", "small"])
        let summary = try await project.document("cost", "summary", "--by", "provider,model,role", "--json")
        let groups = try #require(summary["groups"]?.array)
        let costs = Dictionary(
            groups.map { group in
                (
                    Row(
                        provider: group["provider"]?.string, model: group["model"]?.string,
                        role: group["role"]?.string), group["cost"]?.money
                )
            }, uniquingKeysWith: { one, _ in one })
        #expect(costs[Row(provider: "first", model: "special", role: "scene_smith")] == .zero)
        let paid = Money(
            picodollars: second.reportedInputTokens * 3_000_000 + second.reportedOutputTokens * 4_000_000)
        #expect(costs[Row(provider: "second", model: "small", role: "scene_smith")] == paid && paid > .zero)
        #expect((costs[Row(provider: "first", model: "tiny", role: "plotwright")] ?? nil) ?? .zero > .zero)
        let total = try await project.document("status", "--json")["costs"]?["all"]?.money
        #expect(total == first.reportedCost + paid)
        let log = try String(contentsOfFile: project.path + "/.questfoundry/logs/questfoundry.log", encoding: .utf8)
        #expect(log.contains("fell back") && log.contains("failed (503)"))

        // The second's answers are its own: another run finds them, and misses the first's.
        let again = try await project.document("generate", "--count", "2", "--json")
        #expect(again["cost"]?.money == .zero && second.served == 2)
    }
}
