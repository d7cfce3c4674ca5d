import Configuration
public import Core
import Providers

/// What the embedded provider writes, said by a fake server: good for a whole run of every loop.
public enum EmbeddedStory {
    /// The answer to the body of a request in OpenAI's form: what the embedded provider answers to the same messages with
    /// the same seed.
    public static func answer(to body: JSONValue) async throws -> String {
        let messages = (body["messages"]?.array ?? []).map { message in
            Message(Message.Author(rawValue: message["role"]?.string ?? "") ?? .user, message["content"]?.string ?? "")
        }
        let call = TextCall(
            provider: "embedded", providerType: "embedded", model: "embedded", messages: messages,
            maxTokens: body["max_tokens"]?.int ?? 2048, seed: body["seed"]?.int.flatMap { UInt64(exactly: $0) },
            wantsJSON: body["response_format"] != nil)
        let time = SystemTime()
        let pool = ProviderPool(time: time) { name, _, _ in ResolvedProvider(name: name, type: .embedded) }
        let permit = Permit(attempt: ULID(at: time.now()), idempotencyKey: ULID(at: time.now()))
        return try await pool.prepare(.text(call)).generate(permit: permit) { _ in }.text
    }

    /// A server that answers every request so.
    public static func server() async throws -> FakeTextServer {
        try await FakeTextServer.start { request in
            do { return .answer(try await answer(to: request.body)) } catch {
                return .error(status: 500, message: "\(error)")
            }
        }
    }
}
