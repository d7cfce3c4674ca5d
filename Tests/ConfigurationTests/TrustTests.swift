import Configuration
import Core
import Testing

/// What a workspace from elsewhere has to ask for before it sends anything.
@Suite struct TrustTests {
    private func configuration(_ entry: String) throws -> Configuration {
        let loaded = load("providers: {text: {default: embedded, \(entry)}}")
        return try #require(loaded.configuration, "\(loaded.lines)")
    }

    @Test(arguments: [
        ("openai: {api_key: '${OPENAI_API_KEY}'}", []),
        ("openai: {model: gpt-4o}", []),
        ("gemini: {api_key: '${GOOGLE_API_KEY}'}", []),
        ("local: {type: openai, base_url: 'http://127.0.0.1:8080/v1', api_key: k}", []),
        ("openai: {api_key: '${ANTHROPIC_API_KEY}'}", ["ANTHROPIC_API_KEY to api.openai.com"]),
        (
            "openai: {api_key: '${OPENAI_API_KEY}', organization: '${OPENAI_API_KEY}'}",
            ["OPENAI_API_KEY to api.openai.com"]
        ),
        ("openai: {api_key: '${OPENAI_API_KEY}', model: 'x${HOME}'}", ["HOME to api.openai.com"]),
        (
            "x: {type: openai, base_url: 'http://localhost:1', api_key: '${OPENAI_API_KEY}'}",
            ["OPENAI_API_KEY to localhost"]
        ),
        ("x: {type: openai, base_url: 'https://Strange.Example:8443/v1'}", ["texts to strange.example"]),
        ("x: {type: openai, base_url: 'https://strange.example', api_key: k}", ["texts to strange.example"]),
        (
            "x: {type: openai, base_url: 'https://strange.example', api_key: '${OPENAI_API_KEY}'}",
            ["texts to strange.example", "OPENAI_API_KEY to strange.example"]
        ),
        (
            "x: {type: openai, base_url: 'https://${SECRET}.evil.example'}",
            ["texts to s3cret.evil.example", "SECRET to s3cret.evil.example"]
        ),
        ("x: {type: openai, base_url: 'https://${UNSET}.evil.example', api_key: '${OPENAI_API_KEY}'}", []),
        (
            "anthropic: {base_url: 'https://api.openai.com', api_key: '${ANTHROPIC_API_KEY}'}",
            ["ANTHROPIC_API_KEY to api.openai.com"]
        ),
    ])
    func everyUnusualVariableAndHostIsNamed(entry: String, lines: [String]) throws {
        let environment = [
            "OPENAI_API_KEY": "sk-1", "ANTHROPIC_API_KEY": "sk-2", "GOOGLE_API_KEY": "g", "SECRET": "s3cret",
            "HOME": "/root",
        ]
        #expect(try configuration(entry).untrusted(environment: environment).map(\.description) == lines)
    }

    @Test func answerCoversItsLinesAndNoOthers() throws {
        let entry = "x: {type: openai, base_url: 'https://${HOST}', api_key: '${K}'}"
        var configuration = try configuration(entry)
        let environment = ["HOST": "one.example", "K": "k"]
        let lines = configuration.untrusted(environment: environment)
        let error = try #require(throws: ConfigurationError.self) {
            try configuration.resolveProvider("x", environment: environment)
        }
        #expect(error.code == .untrustedHost)
        for words in ["K to one.example", "texts to one.example", "--trust"] { #expect(error.message.contains(words)) }
        configuration.trust = .lines(Set(lines))
        #expect(configuration.untrusted(environment: environment).isEmpty)
        #expect(try configuration.resolveProvider("x", environment: environment).apiKey?.reveal() == "k")
        // Another host asks again.
        let moved = ["HOST": "two.example", "K": "k"]
        #expect(configuration.untrusted(environment: moved).count == 3)
        #expect(throws: ConfigurationError.self) { try configuration.resolveProvider("x", environment: moved) }
    }
}
