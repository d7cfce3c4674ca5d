import Configuration
import Core
import Foundation

/// Ollama's chat (https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion): a stream of JSON
/// objects, one a line.
struct OllamaDialect: TextDialect {
    static let capabilities = ProviderCapabilities(streaming: true, jsonMode: true, seed: true)

    init(_ provider: ResolvedProvider) {}

    func url(of call: TextCall, at base: URL) -> URL { base.appending(path: "api/chat") }

    func fields(key: Secret?) -> [HTTPField] { [] }

    func body(of call: TextCall) -> JSONValue {
        var options = JSONObject([("num_predict", JSONValue(call.maxTokens))])
        options["temperature"] = JSONValue(optional: call.temperature)
        options["top_p"] = JSONValue(optional: call.topP)
        options["top_k"] = call.topK.map { JSONValue($0) }
        options["frequency_penalty"] = JSONValue(optional: call.frequencyPenalty)
        options["presence_penalty"] = JSONValue(optional: call.presencePenalty)
        // The seed is a signed number, which small machines read in 32 bits.
        options["seed"] = call.takeSeed.map { JSONValue($0 & UInt64(Int32.max)) }
        if !call.stop.isEmpty { options["stop"] = .array(call.stop.map { JSONValue($0) }) }
        var body = JSONObject([
            ("model", JSONValue(call.model)), ("messages", .array(call.messages.map(Self.message))), ("stream", true),
            // Else a prompt that does not fit loses its beginning, and nobody is told.
            ("truncate", false), ("shift", false), ("options", .object(options)),
        ])
        if call.wantsJSON { body["format"] = "json" }
        return .object(body)
    }

    private static func message(_ message: Message) -> JSONValue {
        ["role": JSONValue(message.author.rawValue), "content": JSONValue(message.content)]
    }

    // MARK: - The answer

    /// A line of a stream has the form of a whole answer; the last one is done and holds the figures.
    func read(_ object: JSONValue, isWhole: Bool, into draft: inout AnswerDraft) throws(AnswerFault) {
        draft.model = draft.model ?? object["model"]?.string
        if let message = object["message"], !message.isNull {
            draft.reasoning += try message.text("thinking") ?? ""
            draft.write(try message.text("content") ?? "")
        } else if isWhole {
            throw .unreadable("it holds no message")
        }
        guard object["done"]?.bool == true else { return }
        // Older servers name no reason.
        let reason = object["done_reason"]?.string ?? "stop"
        draft.finish = ["stop": .stop, "length": .length][reason] ?? .other
        draft.isDone = true
        draft.usage = object
    }

    /// The server leaves out counts of zero, and the prompt's when it had it still in memory.
    func figures(_ reported: JSONValue, estimate: Usage) -> Figures? {
        let (input, output) = (reported["prompt_eval_count"], reported["eval_count"])
        guard let inputTokens = Usage.count(input, absent: estimate.inputTokens),
            let outputTokens = Usage.count(output, absent: estimate.outputTokens)
        else { return nil }
        return Figures(
            usage: Usage(inputTokens: inputTokens, outputTokens: outputTokens),
            isEstimated: [input, output].contains { $0?.isNull ?? true })
    }
}
