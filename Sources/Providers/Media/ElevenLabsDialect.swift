import Configuration
import Core
import Foundation

/// ElevenLabs' speech (https://elevenlabs.io/docs/api-reference/text-to-speech/convert).
struct ElevenLabsDialect: MediaDialect {
    static let accept = MediaType.mp3.rawValue

    init(_ provider: ResolvedProvider) {}

    func url(of call: SpeechCall, at base: URL) -> URL {
        base.versioned("v1").appending(path: "text-to-speech").appending(component: call.voice ?? "")
    }

    func fields(key: Secret?) -> [HTTPField] {
        key.map { [HTTPField(name: "xi-api-key", value: $0.reveal(), setting: "api_key")] } ?? []
    }

    func body(of call: SpeechCall) -> JSONValue {
        var body = JSONObject([("text", JSONValue(call.text)), ("model_id", JSONValue(call.model))])
        body["language_code"] = call.language.map { JSONValue($0) }
        // The largest seed has 32 bits.
        body["seed"] = call.takeSeed.map { JSONValue($0 & UInt64(UInt32.max)) }
        var voice = JSONObject()
        voice["stability"] = JSONValue(optional: call.stability)
        voice["similarity_boost"] = JSONValue(optional: call.similarityBoost)
        if !voice.isEmpty { body["voice_settings"] = .object(voice) }
        return .object(body)
    }

    /// The voice is a part of the address: an empty one would be another call.
    func obstacle(to call: SpeechCall) -> String? {
        guard call.voice?.isEmpty ?? true else { return nil }
        return "there is no voice to speak with; write voice, the id of one of your voices"
    }

    func read(_ response: MediaResponse, to call: SpeechCall) throws(AnswerFault) -> MediaDraft {
        MediaDraft(
            media: try response.sound(), usage: call.usageBound, responseID: response.head.fields["request-id"])
    }
}
