import Configuration
import Core
import Foundation

/// OpenAI's speech (https://platform.openai.com/docs/api-reference/audio/createSpeech), and servers that speak the same.
struct OpenAITTSDialect: MediaDialect {
    static let accept = MediaType.mp3.rawValue
    private static let usualVoice = "alloy"

    private let organization: String?

    init(_ provider: ResolvedProvider) { organization = provider.organization }

    func url(of call: SpeechCall, at base: URL) -> URL { base.appending(path: "audio/speech") }

    func fields(key: Secret?) -> [HTTPField] { HTTPField.openAI(key: key, organization: organization) }

    func body(of call: SpeechCall) -> JSONValue {
        [
            "model": JSONValue(call.model), "input": JSONValue(call.text),
            "voice": JSONValue(call.voice ?? Self.usualVoice), "response_format": "mp3",
        ]
    }

    /// The answer is nothing but sound: what a model that is billed by tokens has used is not told.
    func read(_ response: MediaResponse, to call: SpeechCall) throws(AnswerFault) -> MediaDraft {
        let bound = call.usageBound
        return MediaDraft(media: try response.sound(), usage: bound, isUsageEstimated: bound.characters == 0)
    }
}
