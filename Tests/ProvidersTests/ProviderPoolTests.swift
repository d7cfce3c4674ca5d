import Configuration
import Core
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Providers

@Suite struct ProviderPoolTests {
    @Test func aNameHasOneInstanceHoweverOftenItIsAskedFor() async throws {
        let resolved = Mutex<[String]>([])
        let pool = ProviderPool(time: SystemTime()) { name, _, _ in
            resolved.withLock { $0.append(name) }
            return ResolvedProvider(name: name, type: .embedded)
        }
        #expect(resolved.withLock { $0.isEmpty })
        for _ in 0..<3 { #expect(try pool.provider(named: "one").name == "one") }
        _ = try pool.provider(named: "two")
        #expect(resolved.withLock { $0 } == ["one", "two"])
    }

    @Test func aRoleThatReachesAProviderInAWayOfItsOwnHasAnInstanceOfItsOwn() async throws {
        let resolved = Mutex<[RoleName?]>([])
        let pool = ProviderPool(time: SystemTime(), owner: { _, _, role in role == .sceneSmith ? role : nil }) {
            name, _, role in
            resolved.withLock { $0.append(role) }
            return ResolvedProvider(name: name, type: .embedded)
        }
        for role in [nil, RoleName.sceneSmith, .gatekeeper, .sceneSmith] {
            _ = try pool.provider(named: "one", for: role)
        }
        #expect(resolved.withLock { $0 } == [nil, .sceneSmith])
    }

    @Test func aProviderThatCouldNotBeMadeIsTriedAgain() throws {
        let isReady = Mutex(false)
        let pool = ProviderPool(time: SystemTime()) { name, _, _ throws(ConfigurationError) in
            guard isReady.withLock({ $0 }) else { throw ConfigurationError(.missingKey, "no key") }
            return ResolvedProvider(name: name, type: .embedded)
        }
        #expect(throws: ConfigurationError(.missingKey, "no key")) { try pool.provider(named: "one") }
        isReady.withLock { $0 = true }
        #expect(try pool.provider(named: "one").name == "one")
    }

    @Test func aTypeOfAnotherKindMakesNoText() {
        let pool = ProviderPool(time: SystemTime()) { name, _, _ in ResolvedProvider(name: name, type: .dalle) }
        let error = #expect(throws: ConfigurationError.self) { try pool.provider(named: "dalle") }
        #expect(error?.code == .unknownProvider && error?.message.contains("dalle") == true)
    }

    @Test(arguments: [ProviderType.openai, .anthropic, .gemini, .ollama, .bedrock])
    func aProviderBehindAServerNeedsAnAddress(type: ProviderType) {
        let pool = ProviderPool(time: SystemTime()) { name, _, _ in ResolvedProvider(name: name, type: type) }
        let error = #expect(throws: ConfigurationError.self) { try pool.provider(named: "mine") }
        #expect(error?.code == .badValue && error?.message.contains("base_url") == true)
    }
}
