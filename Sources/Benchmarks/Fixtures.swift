import Configuration
import Core
import Foundation
import Metering

/// A folder of its own beside the program's working folder, on the disk that it would work on.
struct ScratchFolder: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.currentDirectoryPath + "/.build/benchmark-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func file(_ name: String) -> String { path + "/" + name }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Requests and answers of a usual size.
enum Sample {
    static let time = SystemTime()
    static let session = ULID(at: time.now())

    static let origin = RequestOrigin(
        session: session, run: session, loop: "story_spark", step: "draft_scenes", role: .sceneSmith)

    /// Words of a length in bytes, others for each number.
    static func text(_ bytes: Int, _ number: Int = 0) -> String {
        let sentence = "The lamplighter of bridge \(number) counts the steps down to the river and keeps one back. "
        let text = String(repeating: sentence, count: bytes / sentence.utf8.count + 1)
        return String(decoding: text.utf8.prefix(bytes), as: UTF8.self)
    }

    static func call(_ number: Int, bytes: Int = 4_096, endpoint: String = "https://api.example.com/v1") -> TextCall {
        TextCall(
            provider: "openai", providerType: "openai", endpoint: endpoint, model: "gpt-4o-mini",
            messages: [Message(.system, "You write scenes."), Message(.user, text(bytes, number))], maxTokens: 500)
    }

    static func answer(_ number: Int) -> Answer {
        Answer(
            text: text(2_048, number), usage: Usage(inputTokens: 900, outputTokens: 450),
            responseID: "chatcmpl-\(number)",
            model: "gpt-4o-mini")
    }

    /// A limit of each sort, none of which binds.
    static func limits() throws -> RateLimitSettings {
        var limits = RateLimitSettings()
        limits.global.maxConcurrent = 1_000
        limits.global.costs[.day] = try Money(dollars: "1000000")
        limits.global.requests[.minute] = 1_000_000
        return limits
    }

    static func demand(cost: Money? = .zero) -> Demand {
        Demand(
            request: session, origin: origin, provider: "openai", model: "gpt-4o-mini", lookup: .miss,
            missCause: "new", worstInputTokens: 1_000, worstOutputTokens: 500, worstCost: cost)
    }

    static let settlement = Settlement(
        outcome: .answered, usage: Usage(inputTokens: 900, outputTokens: 450), cost: Money(picodollars: 405_000_000),
        isEstimated: false, latencyMilliseconds: 12)
}
