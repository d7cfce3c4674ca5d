import Core
import Foundation
import TestKit
import Testing

@testable import ResponseCache

/// Pictures and sounds in the cache: what names them, and that they come back as they went in.
@Suite struct MediaKeyTests {
    private static let image = ImageCall(
        provider: "home", providerType: "dalle", endpoint: "https://api.example/v1", model: "dall-e-3",
        prompt: "Fog.", width: 512, height: 256, aspectRatio: "2:1", quality: "hd", style: "vivid", steps: 20,
        cfgScale: 7, sampler: "Euler", seed: 7, take: 2)

    private static let imageChanges: [(String, @Sendable (inout ImageCall) -> Void)] = [
        ("provider", { $0.provider = "other" }), ("providerType", { $0.providerType = "imagen" }),
        ("endpoint", { $0.endpoint = "" }), ("model", { $0.model = "dall-e-2" }), ("prompt", { $0.prompt += " " }),
        ("width", { $0.width = nil }), ("width", { $0.width = 256 }), ("height", { $0.height = nil }),
        ("height", { $0.height = 512 }), ("aspectRatio", { $0.aspectRatio = nil }),
        ("aspectRatio", { $0.aspectRatio = "" }), ("quality", { $0.quality = nil }),
        ("quality", { $0.quality = "vivid" }), ("style", { $0.style = nil }), ("style", { $0.style = "hd" }),
        ("steps", { $0.steps = nil }), ("steps", { $0.steps = 21 }), ("cfgScale", { $0.cfgScale = nil }),
        ("cfgScale", { $0.cfgScale = 7.5 }), ("sampler", { $0.sampler = nil }), ("sampler", { $0.sampler = "euler" }),
        ("seed", { $0.seed = nil }), ("seed", { $0.seed = 0 }), ("take", { $0.take = 1 }),
    ]

    private static let speech = SpeechCall(
        provider: "home", providerType: "elevenlabs", endpoint: "https://api.example/v1", model: "m", text: "Fog.",
        voice: "v", language: "en", stability: 0.5, similarityBoost: 0.25, seed: 7, take: 2)

    private static let speechChanges: [(String, @Sendable (inout SpeechCall) -> Void)] = [
        ("provider", { $0.provider = "other" }), ("providerType", { $0.providerType = "openai_tts" }),
        ("endpoint", { $0.endpoint = "" }), ("model", { $0.model = "n" }), ("text", { $0.text += " " }),
        ("voice", { $0.voice = nil }), ("voice", { $0.voice = "" }), ("language", { $0.language = nil }),
        ("language", { $0.language = "nl" }), ("stability", { $0.stability = nil }),
        ("stability", { $0.stability = 0.25 }), ("similarityBoost", { $0.similarityBoost = nil }),
        ("similarityBoost", { $0.similarityBoost = 0.5 }), ("seed", { $0.seed = nil }), ("seed", { $0.seed = 0 }),
        ("take", { $0.take = 1 }),
    ]

    private func changed<Call>(_ call: Call, _ change: (inout Call) -> Void) -> Call {
        var call = call
        change(&call)
        return call
    }

    private func fields(of call: Any) -> Set<String> { Set(Mirror(reflecting: call).children.compactMap(\.label)) }

    @Test func everyFieldIsVaried() {
        #expect(fields(of: Self.image) == Set(Self.imageChanges.map(\.0)))
        #expect(fields(of: Self.speech) == Set(Self.speechChanges.map(\.0)))
    }

    @Test func changingAnyFieldMakesAnotherKey() {
        let images = [Self.image] + Self.imageChanges.map { changed(Self.image, $0.1) }
        let speeches = [Self.speech] + Self.speechChanges.map { changed(Self.speech, $0.1) }
        let calls = images.map(ModelCall.image) + speeches.map(ModelCall.speech)
        #expect(Set(calls).count == calls.count)
        #expect(Set(calls.map { CacheKey(for: $0) }).count == calls.count)
        #expect(CacheKey(for: ModelCall.image(Self.image)) == CacheKey(for: Self.image))
    }

    @Test(arguments: StoreKind.allCases) func aLargePictureComesBackAsItWentIn(kind: StoreKind) throws {
        let folder = try StoreShelf()
        let cache = try ResponseCache.over(kind.store(in: folder), time: ManualTime())
        let media = Media(bytes: Data((0..<5_000_000).map { UInt8(truncatingIfNeeded: $0) }), type: .png)
        let usage = Usage(inputTokens: 0, outputTokens: 0, images: 1)
        let answer = Answer(text: "", usage: usage, model: "m", media: media)
        try cache.store(answer, isStreamed: false, cost: .zero, for: .image(Self.image), role: .illustrator)
        #expect(cache.lookup(.image(Self.image), role: .illustrator).answer?.answer == answer)
        #expect(try cache.entries().map(\.opening) == ["image/png, 5,000,000 bytes"])
        let next = ModelCall.image(changed(Self.image) { $0.take = 3 })
        #expect(cache.lookup(next, role: .illustrator).cause == .newTake)
        let other = ModelCall.image(changed(Self.image) { $0.quality = nil })
        #expect(cache.lookup(other, role: .illustrator).cause == .changed)
    }

    @Test func aWithheldPictureIsNotKept() throws {
        let cache = ResponseCache.over(MemoryCacheStore(), time: ManualTime())
        let answer = Answer(text: "", usage: .zero, finish: .filtered, model: "m")
        try cache.store(answer, isStreamed: false, cost: .zero, for: .image(Self.image), role: .illustrator)
        #expect(cache.lookup(.image(Self.image), role: .illustrator).cause == .new)
    }
}
