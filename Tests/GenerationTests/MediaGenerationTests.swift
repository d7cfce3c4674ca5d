import Configuration
import Core
import Foundation
import GRDB
import Generation
import Metering
import Providers
import ResponseCache
import Synchronization
import TestKit
import Testing

/// Pictures and sounds go the same one way as text.
@Suite struct MediaGenerationTests {
    /// Makes what it is told to, and counts how often.
    private final class Maker: ImageProvider, SpeechProvider {
        let name = "maker"
        let results: Mutex<[Result<Answer, ProviderError>]>
        let asked = Mutex(0)

        init(_ results: [Result<Answer, ProviderError>]) { self.results = Mutex(results) }

        private func next() throws(ProviderError) -> Answer {
            asked.withLock { $0 += 1 }
            return try results.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }.get()
        }

        func generate(_ call: ImageCall, permit: Permit) async throws(ProviderError) -> Answer { try next() }
        func generate(_ call: SpeechCall, permit: Permit) async throws(ProviderError) -> Answer { try next() }
    }

    private let fixture: GenerationFixture

    init() throws {
        fixture = try GenerationFixture(limits: { limits in
            limits.modelPrices["dall-e-3"] = PriceOverride(perImage: try Money(dollars: "0.04"))
            limits.modelPrices["hd/1024-x-1024/dall-e-3"] = PriceOverride(perImage: try Money(dollars: "0.08"))
            limits.global.costs[.day] = try Money(dollars: "0.5")
        })
    }

    private func generator(_ maker: Maker, retry: RetryRule? = nil) -> Generator {
        Generator(
            cache: fixture.cache, limiter: fixture.limiter, ledger: fixture.ledger, prices: fixture.settings,
            time: fixture.time, retry: retry
        ) { call, _ throws(ConfigurationError) in
            switch call {
            case .text: throw ConfigurationError(.unknownProvider, "it writes nothing")
            case .image(let call): PreparedCall(call, to: maker)
            case .speech(let call): PreparedCall(call, to: maker)
            }
        }
    }

    private func request(_ call: ModelCall, isFresh: Bool = false) -> GenerationRequest {
        var request = fixture.request(role: .illustrator, isFresh: isFresh)
        request.call = call
        return request
    }

    private func picture(_ model: String = "dall-e-3", quality: String? = nil) -> ModelCall {
        .image(
            ImageCall(
                provider: "scripted", providerType: "dalle", endpoint: GenerationFixture.remote, model: model,
                prompt: "Fog.", width: 1024, height: 1024, quality: quality))
    }

    private func speech(_ text: String, model: String = "tts-1") -> ModelCall {
        .speech(
            SpeechCall(
                provider: "scripted", providerType: "openai_tts", endpoint: GenerationFixture.remote, model: model,
                text: text))
    }

    private func answer(_ usage: Usage, _ type: MediaType = .png) -> Answer {
        Answer(text: "", usage: usage, model: "m", media: Media(bytes: Data([1, 2, 3]), type: type))
    }

    private func figures() throws -> [String] {
        try fixture.ledger.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT lookup || ' ' || images || ' ' || characters || ' ' || cost FROM ledger ORDER BY id")
        } ?? []
    }

    private let one = Usage(inputTokens: 0, outputTokens: 0, images: 1)

    @Test func aPictureIsPaidForOnceAndThenFromTheCache() async throws {
        let maker = Maker([.success(answer(one))])
        let generator = generator(maker)
        let first = try await generator.generate(request(picture())) { _ in }
        let second = try await generator.generate(request(picture())) { _ in }
        #expect(first.answer.media == second.answer.media && first.answer.media != nil)
        #expect(first.record.cost?.dollars == "0.04" && first.record.source == .provider)
        #expect(second.record.source == .cache && second.record.savedCost.dollars == "0.04")
        #expect(maker.asked.withLock { $0 } == 1)
        #expect(try figures() == ["miss 1 0 40000000000", "hit 1 0 0"])
        #expect(try fixture.openAttempts().isEmpty)
    }

    @Test func aPictureCostsWhatItsQualityAndSizeDo() async throws {
        let generator = generator(Maker([.success(answer(one))]))
        #expect(generator.worstCase(of: picture(quality: "hd"))?.dollars == "0.08")
        #expect(generator.worstCase(of: picture(quality: "standard"))?.dollars == "0.04")
        let made = try await generator.generate(request(picture(quality: "hd"))) { _ in }
        #expect(made.record.cost?.dollars == "0.08")
    }

    @Test func tokensOfAPictureArePaidExactly() async throws {
        let usage = Usage(inputTokens: 50, outputTokens: 4_160)
        let generator = generator(Maker([.success(answer(usage))]))
        let bound = try #require(generator.worstCase(of: picture("gpt-image-1")))
        let made = try await generator.generate(request(picture("gpt-image-1"))) { _ in }
        #expect(made.record.cost?.dollars == "0.16665" && bound > Money(picodollars: 166_650_000_000))
    }

    @Test func speechIsPaidByTheCharacter() async throws {
        let usage = Usage(inputTokens: 0, outputTokens: 0, characters: 6)
        let generator = generator(Maker([.success(answer(usage, .mp3))]))
        #expect(generator.worstCase(of: speech("Łódź 🚢"))?.dollars == "0.00009")
        let made = try await generator.generate(request(speech("Łódź 🚢"))) { _ in }
        #expect(made.record.cost?.dollars == "0.00009" && made.record.usage.characters == 6)
    }

    @Test func aFailureAfterSendingIsChargedAtItsWorst() async throws {
        let maker = Maker([.failure(.scripted(.interrupted, billing: .worstCase)), .success(answer(one))])
        let settings = RetrySettings()
        let generator = generator(maker, retry: RetryRule(settings, patienceSeconds: 300, random: { 0 }))
        let made = try await generator.generate(request(picture())) { _ in }
        #expect(made.answer.media != nil)
        #expect(try figures() == ["miss 1 0 40000000000", "none 1 0 40000000000"])
    }

    @Test func aBudgetAdmitsNoPictureThatItCannotHold() async throws {
        let maker = Maker([.success(answer(one))])
        let generator = generator(maker)
        for number in 0..<13 {
            let call = picture(quality: number == 0 ? nil : "standard")
            let ask = request(call, isFresh: true)
            if number < 12 {
                _ = try await generator.generate(ask) { _ in }
            } else {
                await #expect(throws: GenerationError.self) { _ = try await generator.generate(ask) { _ in } }
            }
        }
        #expect(maker.asked.withLock { $0 } == 12)
    }

    @Test func withoutAPriceNothingIsAskedWhereABudgetApplies() async throws {
        let maker = Maker([.success(answer(one))])
        let error = await #expect(throws: GenerationError.self) {
            _ = try await generator(maker).generate(request(picture("nobody-knows"))) { _ in }
        }
        guard case .refused(let refusal) = error, case .unpriced = refusal.kind else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(maker.asked.withLock { $0 } == 0)
    }

    @Test func bedrockCostsWhatItsRegionAsks() {
        func call(_ region: String) -> ModelCall {
            .text(
                TextCall(
                    provider: "bedrock", providerType: "bedrock",
                    endpoint: "https://bedrock-runtime.\(region).amazonaws.com", model: "meta.llama3-70b-instruct-v1:0",
                    messages: [], maxTokens: 1_000))
        }
        let generator = generator(Maker([.success(answer(one))]))
        let usual = generator.worstCase(of: call("us-east-1"))
        #expect(usual != nil && generator.worstCase(of: call("sa-east-1")) ?? .zero > usual ?? .zero)
    }
}
