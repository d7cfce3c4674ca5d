import Configuration
import Core
import Foundation

/// Amazon Bedrock's Converse
/// (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html), streamed as AWS's binary
/// events.
///
/// The interface has no mode that answers with any JSON object, and takes neither a seed nor penalties.
struct BedrockDialect: TextDialect {
    static let capabilities = ProviderCapabilities(streaming: true, jsonMode: false, seed: false)
    static let keySettings = "access_key_id, secret_access_key and region"

    private let signature: AWSSignature?

    init(_ provider: ResolvedProvider) {
        signature = provider.signingKeys.map { AWSSignature(keys: $0, service: "bedrock") }
    }

    /// A model's name may hold colons and, as an inference profile's, slashes.
    func url(of call: TextCall, at base: URL) -> URL {
        guard var parts = URLComponents(url: base, resolvingAgainstBaseURL: false) else { return base }
        let folder = parts.percentEncodedPath.hasSuffix("/") ? parts.percentEncodedPath : parts.percentEncodedPath + "/"
        parts.percentEncodedPath = folder + "model/\(call.model.percentEncoded)/converse-stream"
        return parts.url ?? base
    }

    func fields(key: Secret?) -> [HTTPField] { [] }

    /// Only what cannot change on the way is signed.
    func signature(of post: HTTPPost, at time: Moment) -> [HTTPField] {
        let type = post.headers.filter { $0.name == "Content-Type" }
        let request = AWSSignature.Request(
            path: post.url.path(percentEncoded: true), headers: [(name: "Host", value: post.hostField)] + type,
            body: post.body)
        return signature?.fields(for: request, at: time.wall) ?? []
    }

    func body(of call: TextCall) -> JSONValue {
        let messages = call.messages.filter { $0.author != .system }.map(Self.message)
        var body = JSONObject([("messages", .array(messages))])
        body["system"] = call.messages.systemText.map { [["text": JSONValue($0)]] }
        var settings = JSONObject([("maxTokens", JSONValue(call.maxTokens))])
        // Its scale ends at 1, and Claude's newer models refuse both settings at once.
        settings["temperature"] = JSONValue(optional: call.temperature.map { min($0, 1) })
        if call.temperature == nil || !call.model.contains("claude") {
            settings["topP"] = JSONValue(optional: call.topP)
        }
        if !call.stop.isEmpty { settings["stopSequences"] = .array(call.stop.map { JSONValue($0) }) }
        body["inferenceConfig"] = .object(settings)
        // The interface has it in no form that all models take.
        if let topK = call.topK, call.model.contains("claude") {
            body["additionalModelRequestFields"] = ["top_k": JSONValue(topK)]
        }
        return .object(body)
    }

    private static func message(_ message: Message) -> JSONValue {
        ["role": JSONValue(message.author.rawValue), "content": [["text": JSONValue(message.content)]]]
    }

    // MARK: - The answer

    /// An event has its type as its one key. Events of other types are passed over.
    func read(_ object: JSONValue, isWhole: Bool, into draft: inout AnswerDraft) throws(AnswerFault) {
        guard !isWhole else { return try readMessage(object, into: &draft) }
        guard let event = object.object?.members.first else { return }
        guard event.value.object != nil else { throw .unreadable("its \(event.key) is no object") }
        switch event.key {
        case "contentBlockDelta":
            guard let delta = event.value["delta"] else { break }
            draft.write(try delta.text("text") ?? "")
            draft.reasoning += try delta["reasoningContent"]?.text("text") ?? ""
        case "messageStop": draft.finish = Self.finish(event.value["stopReason"])
        case "metadata":
            draft.usage = event.value["usage"]
            draft.isDone = draft.finish != nil
        default: break
        }
    }

    private func readMessage(_ object: JSONValue, into draft: inout AnswerDraft) throws(AnswerFault) {
        guard let blocks = object["output"]?["message"]?["content"]?.array else {
            throw .unreadable("it holds no content")
        }
        for block in blocks {
            draft.write(try block.text("text") ?? "")
            draft.reasoning += try block["reasoningContent"]?["reasoningText"]?.text("text") ?? ""
        }
        draft.finish = Self.finish(object["stopReason"])
        draft.usage = object["usage"]
    }

    private static func finish(_ reason: JSONValue?) -> Answer.Finish? {
        let known: [String: Answer.Finish] = [
            "end_turn": .stop, "stop_sequence": .stop, "max_tokens": .length,
            "model_context_window_exceeded": .length, "guardrail_intervened": .filtered, "content_filtered": .filtered,
        ]
        return reason?.string.map { known[$0] ?? .other }
    }

    func figures(_ reported: JSONValue, estimate: Usage) -> Figures? {
        Usage(converse: reported).map { Figures(usage: $0) }
    }

    /// Signatures and keys that are wrong or too old are forbidden things here, and bad requests.
    func refusesKey(_ error: JSONValue, head: HTTPHead) -> Bool {
        let said = head.fields["x-amzn-errortype"] ?? error["__type"]?.string ?? ""
        // Before the name may stand a name space, after it an address.
        let name = said.split(separator: ":").first?.split(separator: "#").last ?? ""
        let names: [Substring] = [
            "UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignatureException",
            "ExpiredTokenException", "InvalidClientTokenId", "MissingAuthenticationTokenException",
            "MissingAuthenticationToken", "SignatureDoesNotMatch",
        ]
        return names.contains(name)
    }
}

extension HTTPPost {
    /// What stands in the Host field when it is sent.
    fileprivate var hostField: String {
        let name = url.host(percentEncoded: true) ?? ""
        let host = name.contains(":") && !name.hasPrefix("[") ? "[\(name)]" : name
        let usual = url.scheme?.lowercased() == "https" ? 443 : 80
        return url.port.map { $0 == usual ? host : "\(host):\($0)" } ?? host
    }
}

extension Usage {
    /// Reads Converse's `usage` into disjoint classes; nil when its figures cannot be.
    ///
    /// `inputTokens` exclude what was read from the cache and what was written to it. Some models leave these out of
    /// `totalTokens` as well. `cacheDetails` tell how long the written ones are kept, without which it is five minutes.
    /// Refused are figures that are negative, no whole numbers, above ``limit``, or that do not sum.
    init?(converse usage: JSONValue) {
        guard let input = Self.count(usage["inputTokens"]), let output = Self.count(usage["outputTokens"]),
            let cached = Self.count(usage["cacheReadInputTokens"], absent: 0),
            let written = Self.count(usage["cacheWriteInputTokens"], absent: 0),
            let total = Self.count(usage["totalTokens"], absent: input + output),
            total == input + output || total == input + output + cached + written,
            let hour = Self.keptForAnHour(usage["cacheDetails"]?.array ?? []), hour <= written
        else { return nil }
        self.init(
            inputTokens: input, cachedInputTokens: cached, cacheWriteTokens: written - hour,
            cacheWriteHourTokens: hour, outputTokens: output)
    }

    private static func keptForAnHour(_ details: [JSONValue]) -> Int? {
        var sum = 0
        for detail in details.prefix(100) where detail["ttl"]?.string == "1h" {
            guard let count = count(detail["inputTokens"]) else { return nil }
            sum += count
        }
        return sum
    }
}
