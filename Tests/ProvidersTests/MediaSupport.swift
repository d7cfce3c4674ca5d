import Configuration
import Core
import Foundation
import TestKit
import Testing

@testable import Providers

/// The servers that make pictures and sound, by type.
let mediaForms: [ProviderType: FakeMediaForm] = [
    .dalle: .dalle, .a1111: .a1111, .imagen: .imagen, .openaiTTS: .openAITTS, .elevenlabs: .elevenLabs,
]

/// A provider of pictures or of sound, asked for the same by any type.
struct MediaSubject: Sendable {
    var type: ProviderType
    var kind: ProviderKind
    var pool: ProviderPool
    /// Lives as long as the subject.
    var server: FakeTextServer?

    /// `baseURL` is nil for the embedded provider.
    init(
        _ type: ProviderType, _ kind: ProviderKind, _ baseURL: URL?, key: String? = secretKey,
        server: FakeTextServer? = nil
    ) {
        self.server = server
        self.type = type
        self.kind = kind
        pool = ProviderPool(time: SystemTime()) { name, kind, _ in
            ResolvedProvider(name: name, kind: kind, type: type, baseURL: baseURL, apiKey: key.map { Secret($0) })
        }
    }

    func generate(_ words: String = "A lighthouse in fog.", take: Int = 1) async throws -> Answer {
        if kind == .image { return try await generate(image(words, take: take)) }
        return try await generate(speech(words, take: take))
    }

    func generate(_ call: ImageCall) async throws -> Answer {
        try await pool.imageProvider(named: "mine").generate(call, permit: permit())
    }

    func generate(_ call: SpeechCall) async throws -> Answer {
        try await pool.speechProvider(named: "mine").generate(call, permit: permit())
    }

    func image(_ words: String, take: Int = 1) -> ImageCall {
        ImageCall(provider: "mine", providerType: type.rawValue, model: "test-model", prompt: words, take: take)
    }

    func speech(_ words: String, take: Int = 1) -> SpeechCall {
        SpeechCall(
            provider: "mine", providerType: type.rawValue, model: "test-model", text: words, voice: "a voice",
            take: take)
    }

    /// The most that ``generate(_:take:)`` can use.
    func bound(_ words: String = "A lighthouse in fog.") -> Usage {
        kind == .image ? image(words).usageBound : speech(words).usageBound
    }

    func failure() async -> ProviderError? {
        do {
            _ = try await generate()
            return nil
        } catch {
            return error as? ProviderError
        }
    }
}

func mediaServer(_ form: FakeMediaForm, _ reply: FakeReply? = nil) async throws -> (FakeTextServer, URL) {
    let reply = reply ?? form.answer(form.sample.bytes, form.sample.type)
    let server = try await FakeTextServer.start(FakeOllamaForm()) { _ in reply }
    return (server, try #require(URL(string: server.baseURL.absoluteString + form.basePath)))
}
