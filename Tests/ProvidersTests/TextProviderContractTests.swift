import Configuration
import Core
import TestKit
import Testing

@testable import Providers

/// What holds for every text provider, run by each of them.
@Suite struct TextProviderContractTests {
    /// A provider of each type in the table, with the server that it needs.
    struct Subject: Sendable {
        var provider: any TextProvider
        var server: FakeTextServer?
    }

    static let types = ProviderTable.text.keys.sorted { $0.rawValue < $1.rawValue }

    private func subject(_ type: ProviderType) async throws -> Subject {
        guard let form = fakeForms[type] else { return Subject(provider: try provider(type, nil)) }
        let server = try await FakeTextServer.start(form)
        return Subject(provider: try provider(type, server.baseURL), server: server)
    }

    private func scene(_ type: ProviderType) -> TextCall {
        var scene = call("# Brief\nA ferry.\n\n# Answer\nform: scene\nsection: s1\ntitle: The Quay\nexits: s2, s3\n")
        scene.wantsJSON = true
        return scene
    }

    @Test func everyAvailableTypeHasItsLine() {
        let available = ProviderType.allCases.filter { $0.kinds.contains(.text) }
        #expect(Set(Self.types) == Set(available))
        #expect(Set(fakeForms.keys) == Set(available).subtracting([.embedded]))
    }

    @Test(arguments: types) func itHasTheNameOfItsConfiguration(type: ProviderType) async throws {
        #expect(try await subject(type).provider.name == "my_provider")
    }

    @Test(arguments: types) func thePiecesAreTheAnswer(type: ProviderType) async throws {
        let subject = try await subject(type)
        let deltas = Deltas()
        let answer = try await subject.provider.generate(scene(type), permit: permit()) { deltas.add($0) }
        #expect(deltas.text == answer.text)
        #expect(deltas.all.allSatisfy { !$0.isEmpty })
        #expect(answer.finish == .stop)
        #expect(!answer.model.isEmpty)
    }

    @Test(arguments: types) func anAnswerInJSONHasTheFormAskedFor(type: ProviderType) async throws {
        let subject = try await subject(type)
        let answer = try await subject.provider.generate(scene(type), permit: permit()) { _ in }
        let json = try JSONValue(parsing: answer.text)
        #expect(json["choices"]?.array?.compactMap { $0["target"]?.string } == ["s2", "s3"])
    }

    @Test(arguments: types) func usageIsCountedWithinItsBounds(type: ProviderType) async throws {
        let subject = try await subject(type)
        let call = scene(type)
        let answer = try await subject.provider.generate(call, permit: permit()) { _ in }
        #expect(!answer.isUsageEstimated)
        #expect((1...call.inputTokenBound).contains(answer.usage.inputTokens))
        #expect((1...call.maxTokens).contains(answer.usage.outputTokens))
    }

    @Test(arguments: types) func aCancelledTaskIsNeverAnswered(type: ProviderType) async throws {
        let subject = try await subject(type)
        let call = scene(type)
        let started = Signal()
        let task = Task { () -> ProviderError? in
            await started.wait()
            return await failure(of: subject.provider, call)
        }
        task.cancel()
        started.fire()
        let error = await task.value
        #expect(error?.kind == .cancelled)
        #expect(error?.billing == .nothing)
        #expect(subject.server?.served ?? 0 == 0)
    }

    @Test(arguments: types) func manyCallsAtOnceDoNotMix(type: ProviderType) async throws {
        let subject = try await subject(type)
        let texts = try await withThrowingTaskGroup(of: (Int, String, String).self) { group in
            for number in 0..<24 {
                group.addTask {
                    var call = self.scene(type)
                    call.messages[1].content += "\nnumber: \(number)"
                    call.seed = UInt64(number)
                    let deltas = Deltas()
                    let answer = try await subject.provider.generate(call, permit: permit()) { deltas.add($0) }
                    return (number, answer.text, deltas.text)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(texts.count == 24)
        #expect(texts.allSatisfy { $0.1 == $0.2 })
    }
}
