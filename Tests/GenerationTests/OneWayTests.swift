import Foundation
import Testing

/// That there is one way to a provider, proved on the sources themselves.
@Suite struct OneWayTests {
    /// The code of every source file, without comments on lines of their own, by its path in Sources.
    private let code: [String: String]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources").path(percentEncoded: false)
        var code: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root)
        // Benchmarks measure a provider's call beside the whole way.
        where name.hasSuffix(".swift") && !name.hasPrefix("Benchmarks/") {
            let lines = try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8).split(separator: "\n")
            code[name] = lines.filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }.joined(separator: "\n")
        }
        self.code = code
    }

    /// The arguments of every call of a function, each as it is written; `callee` ends with the opening parenthesis.
    private func calls(of callee: String, in text: String) -> [Substring] {
        text.ranges(of: callee).compactMap { range -> Substring? in
            if callee.first?.isLetter == true, let before = text[..<range.lowerBound].last,
                before.isLetter || before.isNumber || before == "_"
            {
                return nil
            }
            var depth = 1
            var end = range.upperBound
            while end < text.endIndex, depth > 0 {
                depth += text[end] == "(" ? 1 : text[end] == ")" ? -1 : 0
                end = text.index(after: end)
            }
            return text[range.upperBound..<end]
        }
    }

    private func files(calling callee: String) -> [String] {
        code.filter { !calls(of: callee, in: $0.value).isEmpty }.keys.sorted()
    }

    @Test func noProviderIsCalledButThroughTheGenerator() throws {
        let callers = code.filter { !$0.key.hasPrefix("Providers/") }.mapValues { text in
            calls(of: ".generate(", in: text).count { $0.contains("permit:") }
        }.filter { $0.value > 0 }
        #expect(callers == ["Generation/Generator.swift": 1])
    }

    @Test func onlyTheRateLimiterMakesPermits() {
        #expect(files(calling: "Permit(") == ["Metering/Limits/RateLimiter.swift"])
        #expect(files(calling: "Permit.init(").isEmpty)
        #expect(code.filter { $0.value.contains("struct Permit:") }.keys.sorted() == ["Core/GenerationRequest.swift"])
    }

    @Test func providersAreMadeByTheSessionsPoolAlone() {
        #expect(files(calling: "ProviderPool(") == ["Studio/Session/Session.swift"])
        #expect(files(calling: "EmbeddedTextProvider(") == ["Providers/ProviderTable.swift"])
        #expect(
            code.filter { $0.value.contains("HTTPTextProvider<Dialect>(") }.keys.sorted() == [
                "Providers/ProviderTable.swift"
            ])
        for maker in ["EmbeddedImageProvider(", "EmbeddedSpeechProvider("] {
            #expect(files(calling: maker) == ["Providers/ProviderTable.swift"])
        }
    }
}
