import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// What is each provider's own among its requests and answers.
@Suite struct MediaDialectTests {
    private func provider(_ type: ProviderType) -> ResolvedProvider {
        ResolvedProvider(name: "p", type: type, organization: "org-1")
    }

    private func image(_ type: ProviderType, _ model: String) -> ImageCall {
        ImageCall(
            provider: "p", providerType: type.rawValue, model: model, prompt: "Fog.", width: 1024, height: 1792,
            aspectRatio: nil, quality: "hd", style: "vivid", steps: 20, cfgScale: 7.5, sampler: "Euler a", seed: 5,
            take: 3)
    }

    private func answer(_ type: ProviderType, model: String, _ json: JSONValue) async throws -> Answer {
        let form = try #require(mediaForms[type])
        let (server, url) = try await mediaServer(form, .json(json))
        defer { withExtendedLifetime(server) {} }
        var call = image(type, model)
        (call.width, call.height) = (1024, 1024)
        return try await MediaSubject(type, form.kind, url).generate(call)
    }

    @Test func dalleIsAskedAsTheModelWants() {
        let dialect = DalleDialect(provider(.dalle))
        #expect(
            dialect.body(of: image(.dalle, "dall-e-3")) == [
                "model": "dall-e-3", "prompt": "Fog.", "n": 1, "size": "1024x1792", "quality": "hd", "style": "vivid",
                "response_format": "b64_json",
            ])
        #expect(
            dialect.body(of: image(.dalle, "gpt-image-1")) == [
                "model": "gpt-image-1", "prompt": "Fog.", "n": 1, "size": "1024x1792", "quality": "hd",
            ])
        #expect(dialect.fields(key: Secret("k")).map(\.name) == ["Authorization", "OpenAI-Organization"])
    }

    @Test func theTokensOfNewerModelsAreTheUsage() async throws {
        let data: JSONValue = [["b64_json": .base64(FakeMediaForm.png)]]
        let usage: JSONValue = ["input_tokens": 50, "output_tokens": 4_160, "total_tokens": 4_210]
        let told = try await answer(.dalle, model: "gpt-image-1", ["data": data, "usage": usage])
        #expect(told.usage == Usage(inputTokens: 50, outputTokens: 4_160) && !told.isUsageEstimated)
        let older = try await answer(.dalle, model: "dall-e-3", ["data": data])
        #expect(older.usage == Usage(inputTokens: 0, outputTokens: 0, images: 1) && !older.isUsageEstimated)
        for wrong: JSONValue in [
            nil, ["input_tokens": -1, "output_tokens": 1], ["input_tokens": 1], "7",
            [
                "input_tokens": 1, "output_tokens": 9, "total_tokens": 5,
            ],
        ] {
            let guessed = try await answer(.dalle, model: "gpt-image-1", ["data": data, "usage": wrong])
            #expect(guessed.isUsageEstimated && guessed.usage.outputTokens == 8_193)
        }
    }

    @Test func aPictureIsWhatItSaysItIs() async throws {
        let data: JSONValue = [["b64_json": .base64(FakeMediaForm.png)]]
        await #expect(throws: ProviderError.self) {
            try await answer(.dalle, model: "dall-e-3", ["data": data, "output_format": "webp"])
        }
        #expect(try await answer(.dalle, model: "m", ["data": data, "output_format": "png"]).media?.type == .png)
        let address = "data:image/png;base64," + Data(FakeMediaForm.png).base64EncodedString()
        #expect(try await answer(.a1111, model: "m", ["images": [JSONValue(address)]]).media?.type == .png)
        await #expect(throws: ProviderError.self) { try await answer(.a1111, model: "m", ["images": ["?"]]) }
    }

    @Test func stableDiffusionGetsItsSettings() {
        let dialect = A1111Dialect(provider(.a1111))
        #expect(
            dialect.body(of: image(.a1111, "sdxl.safetensors")) == [
                "prompt": "Fog.", "batch_size": 1, "n_iter": 1, "width": 1024, "height": 1792, "steps": 20,
                "cfg_scale": .number(JSONNumber(7.5)), "sampler_name": "Euler a", "seed": 7,
                "override_settings": ["sd_model_checkpoint": "sdxl.safetensors"],
            ])
        #expect(dialect.body(of: image(.a1111, "loaded"))["override_settings"] == nil)
    }

    @Test(arguments: [
        (1024, 1024, "1:1"), (1024, 1792, "9:16"), (1792, 1024, "16:9"), (800, 600, "4:3"), (600, 800, "3:4"),
    ])
    func imagenGetsTheNearestRatio(width: Int, height: Int, ratio: String) {
        var call = image(.imagen, "m")
        (call.width, call.height) = (width, height)
        let dialect = ImagenDialect(provider(.imagen))
        #expect(dialect.body(of: call)["parameters"] == ["sampleCount": 1, "aspectRatio": JSONValue(ratio)])
        call.aspectRatio = "2:3"
        #expect(dialect.body(of: call)["parameters"]?["aspectRatio"] == "2:3")
    }

    @Test func aWithheldPictureCostsNothingAndIsSaidToBe() async throws {
        for json: JSONValue in [["predictions": [["raiFilteredReason": "No."]]], [:]] {
            let answer = try await answer(.imagen, model: "imagen-3.0-generate-001", json)
            #expect(answer.finish == .filtered && answer.media == nil && answer.usage == .zero)
        }
    }

    @Test func speechIsAskedWithItsVoice() {
        let subject = MediaSubject(.openaiTTS, .audio, nil)
        var call = subject.speech("Hello.")
        #expect(
            OpenAITTSDialect(provider(.openaiTTS)).body(of: call) == [
                "model": "test-model", "input": "Hello.", "voice": "a voice", "response_format": "mp3",
            ])
        call.voice = nil
        #expect(OpenAITTSDialect(provider(.openaiTTS)).body(of: call)["voice"] == "alloy")
        (call.language, call.stability, call.similarityBoost, call.seed) = ("nl", 0.5, 0.75, 3)
        #expect(
            ElevenLabsDialect(provider(.elevenlabs)).body(of: call) == [
                "text": "Hello.", "model_id": "test-model", "language_code": "nl", "seed": 3,
                "voice_settings": [
                    "stability": .number(JSONNumber(0.5)), "similarity_boost": .number(JSONNumber(0.75)),
                ],
            ])
    }

    @Test func withoutAVoiceNothingIsSent() async throws {
        let (server, url) = try await mediaServer(.elevenLabs)
        let subject = MediaSubject(.elevenlabs, .audio, url)
        var call = subject.speech("Hello.")
        call.voice = nil
        let error = await #expect(throws: ProviderError.self) { try await subject.generate(call) }
        #expect(error?.kind == .misconfigured && error?.message.contains("write voice") == true && server.served == 0)
    }

    @Test(arguments: ["a/b", "../x", "a?b#c"]) func aVoiceIsOnePartOfTheAddress(voice: String) throws {
        var call = MediaSubject(.elevenlabs, .audio, nil).speech("Hello.")
        call.voice = voice
        let base = try #require(URL(string: "https://api.elevenlabs.io"))
        let path = ElevenLabsDialect(provider(.elevenlabs)).url(of: call, at: base).path(percentEncoded: true)
        #expect(path.hasPrefix("/v1/text-to-speech/") && path.split(separator: "/").count == 3)
    }

    @Test func anEmptyQuotaIsNoWrongKey() async throws {
        let body: JSONValue = ["detail": ["status": "quota_exceeded", "message": "You have 3 credits remaining"]]
        let (server, url) = try await mediaServer(.elevenLabs, .json(body, status: 401))
        defer { withExtendedLifetime(server) {} }
        let error = await MediaSubject(.elevenlabs, .audio, url).failure()
        #expect(error?.kind == .outOfCredit && error?.message.contains("3 credits") == true)
    }

    @Test func whatIsBilledByCharactersCountsThem() async throws {
        let (server, url) = try await mediaServer(.openAITTS)
        defer { withExtendedLifetime(server) {} }
        let subject = MediaSubject(.openaiTTS, .audio, url)
        var call = subject.speech("Łódź 🚢")
        call.model = "tts-1"
        let answer = try await subject.generate(call)
        #expect(answer.usage == Usage(inputTokens: 0, outputTokens: 0, characters: 6) && !answer.isUsageEstimated)
        #expect(try await subject.generate().isUsageEstimated)
    }
}
