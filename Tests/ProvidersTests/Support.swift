import Configuration
import Core
import Foundation
import Synchronization
import TestKit

@testable import Providers

/// The pieces of text that a provider gave out.
final class Deltas: Sendable {
    private let pieces = Mutex<[String]>([])

    var all: [String] { pieces.withLock { $0 } }
    var text: String { all.joined() }
    func add(_ piece: String) { pieces.withLock { $0.append(piece) } }
}

let secretKey = "sk-test-4f9a61c07be24d55"

func permit() -> Permit {
    let now = SystemTime().now()
    return Permit(attempt: ULID(at: now), idempotencyKey: ULID(at: now))
}

func call(
    _ user: String = "Say hello.", model: String = "test-model", maxTokens: Int = 500, seed: UInt64? = nil
) -> TextCall {
    TextCall(
        provider: "my_server", providerType: "openai", model: model,
        messages: [Message(.system, "You write."), Message(.user, user)], maxTokens: maxTokens, seed: seed)
}

/// The forms in which the servers of the types that need one speak.
let fakeForms: [ProviderType: any FakeForm] = [
    .openai: FakeOpenAIForm(), .anthropic: FakeAnthropicForm(), .gemini: FakeGeminiForm(), .ollama: FakeOllamaForm(),
    .bedrock: FakeBedrockForm(secretKey: secretKey),
]

/// A provider of a type, as the program makes it, for a server in this process.
func provider(
    _ type: ProviderType, _ baseURL: URL?, key: String? = secretKey, time: any TimeSource = SystemTime()
) throws -> any TextProvider {
    let pool = ProviderPool(time: time) { name, _, _ in
        guard type != .bedrock else {
            let keys = key.map {
                SigningKeys(accessKeyID: Secret("AKIDEXAMPLE"), secretAccessKey: Secret($0), region: "us-east-1")
            }
            return ResolvedProvider(
                name: name, type: type, baseURL: baseURL, signingKeys: keys, timeoutSeconds: 600,
                firstByteTimeoutSeconds: 600, idleTimeoutSeconds: 600)
        }
        // A server in this process may be kept from its turn for long.
        return ResolvedProvider(
            name: name, type: type, baseURL: baseURL, apiKey: key.map { Secret($0) }, timeoutSeconds: 600,
            firstByteTimeoutSeconds: 600, idleTimeoutSeconds: 600)
    }
    return try pool.provider(named: "my_provider")
}

/// An OpenAI-compatible provider for a server in this process.
func openAI(
    _ baseURL: URL, key: String? = secretKey, organization: String? = nil, time: any TimeSource = SystemTime()
) throws -> HTTPTextProvider<OpenAIDialect> {
    try HTTPTextProvider(
        ResolvedProvider(
            name: "my_server", type: .openai, baseURL: baseURL, apiKey: key.map { Secret($0) },
            organization: organization),
        http: HTTPTransport(time: time))
}

/// The error of a call that must fail.
func failure(
    of provider: any TextProvider, _ call: TextCall = call(), deltas: Deltas = Deltas()
) async -> ProviderError? {
    do {
        _ = try await provider.generate(call, permit: permit()) { deltas.add($0) }
        return nil
    } catch {
        return error
    }
}

/// One event of a streamed answer with a piece of text.
func event(_ text: String, finish: String? = nil) -> String {
    let choice: JSONValue = ["index": 0, "delta": ["content": JSONValue(text)], "finish_reason": JSONValue(finish)]
    return "data: \((["choices": [choice]] as JSONValue).text())\n\n"
}
