import Core
import Testing

@testable import Configuration

@Suite struct YAMLTests {
    @Test(
        arguments: [
            ("yes", true), ("On", true), ("TRUE", true), ("no", false), ("off", false), ("False", false),
        ])
    func flagsAreThoseOfYAML1(_ word: String, _ expected: Bool) {
        #expect(load("caching: {enabled: \(word)}").configuration?.caching.enabled == expected)
    }

    @Test(arguments: ["y", "1", "\"true\"", "tRUE", "~x"])
    func otherWordsAreNoFlags(_ word: String) {
        #expect(load("caching: {enabled: \(word)}").lines.first?.contains("expected true or false") == true)
    }

    @Test(
        arguments: [
            ("100_000", 100_000), ("1:30", 90), ("1:00:00", 3_600), ("0x1F", 31), ("0b101", 5), ("017", 15), ("+7", 7),
            ("0", 0),
        ])
    func wholeNumbersAreThoseOfYAML1(_ text: String, _ expected: Int) {
        #expect(YAMLScalar.whole(text) == expected)
        let loaded = load("caching: {max_cache_size_mb: \(text)}")
        #expect(loaded.configuration?.caching.maxCacheSizeMB == expected)
    }

    @Test(arguments: [
        "", "-", "_1", "1.5", "1:60", "08", "0x", "0x-1", "0b2", "1:", "99999999999999999999", "1:a", "²",
    ])
    func otherTextsAreNoWholeNumbers(_ text: String) {
        #expect(YAMLScalar.whole(text) == nil)
    }

    @Test func negativeAndOverflowingSexagesimalsDoNotTrap() {
        #expect(YAMLScalar.whole("-1:30") == -90)
        #expect(YAMLScalar.whole("9223372036854775807:59") == nil)
    }

    @Test(arguments: [("0.8", 0.8), ("1", 1), ("1e-1", 0.1), (".5", 0.5), ("1_0.5", 10.5)])
    func numbersAreDecimals(_ text: String, _ expected: Double) {
        #expect(YAMLScalar.number(text) == expected)
    }

    @Test(arguments: [".inf", ".nan", "nan", "1e999", "0.8f", "-"])
    func whatIsNotFiniteIsNoNumber(_ text: String) {
        #expect(YAMLScalar.number(text) == nil)
    }

    @Test func anchorsAndMergesAreTakenIn() throws {
        let text = """
            roles:
              gatekeeper: &strict {temperature: 0.1, max_tokens: 500}
              plotwright: {<<: *strict, max_tokens: 900}
              researcher: {<<: [{temperature: 0.3}, *strict]}
            """
        let loaded = load(text)
        #expect(loaded.problems.isEmpty)
        #expect(loaded.configuration?.roles[.plotwright] == RoleLayer(temperature: 0.1, maxTokens: 900))
        #expect(loaded.configuration?.roles[.researcher] == RoleLayer(temperature: 0.3, maxTokens: 500))
    }

    @Test(
        arguments: [
            ("a: [", "not YAML"), ("a: 1\n b: 2", "not YAML"), ("a: \u{1}", "not YAML"), ("a: *x", "undefined alias"),
            ("a: 1\n---\nb: 2", "another document"), ("caching: {enabled: true, enabled: false}", "more than once"),
            ("caching: {enabled: !!python/object:os.system x}", "tag"), ("? [a, b]\n: c", "not a word"),
            ("a: {<<: 5}", "<<"), ("a: {<<: [5]}", "<<"), ("[]", "expected keys"), ("5", "expected keys"),
            ("a: &a [*a]", "undefined alias"), ("!!set {a, b}", "tag"), ("\"a", "not YAML"), ("\t- x", "not YAML"),
        ])
    func malformedTextIsOneErrorThatSaysWhatIsWrong(_ text: String, _ message: String) {
        let loaded = load(text)
        #expect(loaded.configuration == nil)
        #expect(loaded.errors.count == 1)
        #expect(loaded.errors.first?.message.contains(message) == true, "\(loaded.lines)")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "[{b: "])
    func deepNestingIsRefused(_ opening: String) {
        for depth in [40, 990, 100_000] {
            let loaded = load("roles:\n  " + String(repeating: opening, count: depth))
            #expect(loaded.configuration == nil)
            #expect(loaded.errors.count == 1)
        }
        let closed = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(load(closed).errors.first?.message.contains("nested") == true)
    }

    @Test func aliasesThatMultiplyAreRefused() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            let aliases = repeatElement("*a\(level - 1)", count: 9).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(load(bomb).errors.first?.message.contains("too many values") == true)
        for key in ["? *a29\n: x", "*a29 : x", "[*a29]: x", "{*a29 : x}: y", "{? *a29 : x}: y"] {
            #expect(load(bomb + key).errors.first?.message.contains("not a word") == true)
        }
    }

    @Test func fileLargerThanAMebibyteIsRefused() {
        let comment = "#" + String(repeating: "x", count: 1 << 20)
        #expect(load(comment).errors.first?.message.contains("1 MiB") == true)
    }

    @Test func randomTextNeverCrashes() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "providers:", "roles: ", "text:", "\n", "\n  ", "\n    ", "- ", "{", "}", "[", "]", ": ", ", ", "*a ",
            "&a ",
            "<<: ", "${A}", "${A", "$${", "\"", "'", "# x\n", "|\n", "? ", "!!str ", "0x", "1e9", "~",
            "rate_limiting: ",
            "global: ", "caching: ", "per_role: ", "rate_limit: ", "cost_limits: ", "default: ", "mock", "\u{202E}",
            "\t",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 1...30, using: &random)).compactMap { _ in
                pieces.randomElement(using: &random)
            }.joined()
            let loaded = load(text)
            #expect((loaded.configuration == nil) == loaded.problems.contains { $0.severity == .error }, "\(text)")
        }
    }
}
