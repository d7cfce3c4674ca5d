import Configuration
import Core
import Foundation

/// OpenAI's pictures (https://platform.openai.com/docs/api-reference/images/create), and servers that speak the same.
struct DalleDialect: MediaDialect {
    static let accept = "application/json"

    private let organization: String?

    init(_ provider: ResolvedProvider) { organization = provider.organization }

    func url(of call: ImageCall, at base: URL) -> URL { base.appending(path: "images/generations") }

    func fields(key: Secret?) -> [HTTPField] { HTTPField.openAI(key: key, organization: organization) }

    func body(of call: ImageCall) -> JSONValue {
        var body = JSONObject([("model", JSONValue(call.model)), ("prompt", JSONValue(call.prompt)), ("n", 1)])
        if let width = call.width, let height = call.height { body["size"] = JSONValue("\(width)x\(height)") }
        body["quality"] = call.quality.map { JSONValue($0) }
        // The newer models know no styles, and answer in base64 without being asked.
        if !["gpt-image", "chatgpt-image"].contains(where: call.model.hasPrefix) {
            body["style"] = call.style.map { JSONValue($0) }
            body["response_format"] = "b64_json"
        }
        return .object(body)
    }

    func read(_ response: MediaResponse, to call: ImageCall) throws(AnswerFault) -> MediaDraft {
        let object = try response.object()
        guard let picture = object["data"]?.array?.first, let text = picture["b64_json"]?.string else {
            throw .unreadable("it holds no picture in base64")
        }
        let claimed = object["output_format"]?.string.map { "image/\($0)" }
        var draft = MediaDraft(media: try Media(base64: text, claimed: claimed))
        let reported = object["usage"].flatMap { $0.isNull ? nil : $0 }
        draft.usage = reported.map { Usage(image: $0) } ?? (call.usageBound.images > 0 ? call.usageBound : nil)
        return draft
    }
}

extension HTTPField {
    /// What OpenAI's interfaces are opened with.
    static func openAI(key: Secret?, organization: String?) -> [HTTPField] {
        let keys = key.map {
            HTTPField(name: "Authorization", prefix: "Bearer ", value: $0.reveal(), setting: "api_key")
        }
        let organizations = organization.map {
            HTTPField(name: "OpenAI-Organization", value: $0, setting: "organization")
        }
        return [keys, organizations].compactMap(\.self)
    }
}

extension Usage {
    /// Reads the `usage` of OpenAI's pictures; nil when its figures cannot be.
    init?(image usage: JSONValue) {
        guard let input = Self.count(usage["input_tokens"]), let output = Self.count(usage["output_tokens"]),
            Self.count(usage["total_tokens"], absent: input + output) == input + output
        else { return nil }
        self.init(inputTokens: input, outputTokens: output)
    }
}
