import Core
import Foundation
import Testing

@testable import Configuration

/// Where Bedrock is reached, and what its requests are signed with.
@Suite struct BedrockTests {
    private let environment = [
        "AWS_ACCESS_KEY_ID": "id-e", "AWS_SECRET_ACCESS_KEY": "secret-e", "AWS_SESSION_TOKEN": "token-e",
        "AWS_DEFAULT_REGION": "eu-west-1",
    ]
    private let inFile = "access_key_id: id-f, secret_access_key: secret-f"

    private func resolve(
        _ fields: String, _ environment: [String: String] = [:], trust: ProviderTrust = .everything
    ) throws -> ResolvedProvider {
        let loaded = load("providers: {text: {default: bedrock, bedrock: {\(fields)}}}", environment: environment)
        var configuration = try #require(loaded.configuration)
        configuration.trust = trust
        return try configuration.resolveProvider("bedrock", environment: environment)
    }

    private func failure(
        _ fields: String, _ environment: [String: String] = [:], trust: ProviderTrust = .everything
    ) throws -> ConfigurationError {
        try #require(throws: ConfigurationError.self) { try resolve(fields, environment, trust: trust) }
    }

    @Test func everythingMayComeFromTheEnvironment() throws {
        let provider = try resolve("model: m", environment)
        #expect(provider.baseURL?.absoluteString == "https://bedrock-runtime.eu-west-1.amazonaws.com")
        let keys = try #require(provider.signingKeys)
        #expect(keys.region == "eu-west-1" && keys.accessKeyID.reveal() == "id-e")
        #expect(keys.secretAccessKey.reveal() == "secret-e" && keys.sessionToken?.reveal() == "token-e")
        #expect("\(provider)".contains("set (AWS_SECRET_ACCESS_KEY)") && !"\(provider)".contains("secret-e"))
        #expect(provider.apiKey == nil)
        let other = try resolve("region: us-west-2", environment.merging(["AWS_REGION": "us-east-2"]) { $1 })
        #expect(other.baseURL?.host() == "bedrock-runtime.us-west-2.amazonaws.com")
        let first = try resolve("", environment.merging(["AWS_REGION": "us-east-2"]) { $1 })
        #expect(first.signingKeys?.region == "us-east-2")
    }

    @Test func keysOfTheFileAreNotMixedWithOthers() throws {
        let keys = try #require(try resolve(inFile, environment).signingKeys)
        #expect(keys.accessKeyID.reveal() == "id-f" && keys.secretAccessKey.reveal() == "secret-f")
        #expect(keys.sessionToken == nil)
        let half = try failure("access_key_id: id-f", environment)
        #expect(half.code == .missingKey && half.message.contains("secret_access_key"))
        let older = try resolve("aws_region: eu-west-3, aws_access_key_id: a, aws_secret_access_key: b")
        #expect(older.signingKeys?.region == "eu-west-3" && older.signingKeys?.accessKeyID.reveal() == "a")
    }

    @Test func usualVariablesNeedNoTrustAtAmazonsOwnHost() throws {
        func untrusted(_ fields: String) throws -> [String] {
            let yaml = "providers: {text: {default: bedrock, bedrock: {\(fields)}}}"
            let variables = environment.merging(["X": "x"]) { $1 }
            return try #require(load(yaml, environment: variables).configuration).untrusted(environment: variables)
                .map(\.description)
        }
        #expect(try untrusted("region: eu-west-1").isEmpty)
        #expect(try untrusted("access_key_id: '${AWS_ACCESS_KEY_ID}', secret_access_key: s").isEmpty)
        let strange = try untrusted("access_key_id: '${X}', secret_access_key: s, base_url: 'https://x.example'")
        #expect(strange.count == 2 && strange.contains { $0.contains("X") && $0.contains("x.example") })
    }

    @Test func whatIsMissingIsNamed() throws {
        #expect(try failure("").message.contains("region: us-east-1"))
        let error = try failure("region: us-east-1")
        #expect(error.code == .missingKey && error.message.contains("AWS_ACCESS_KEY_ID"))
        let unset = try failure("region: us-east-1, access_key_id: '${X}', secret_access_key: s")
        #expect(unset.code == .missingKey && unset.message.contains("X is not set"))
    }

    @Test(arguments: ["evil.org/", "us east", "a@b", "US-EAST-1", "''", "x.evil"])
    func aRegionIsNoPartOfAnotherAddress(region: String) throws {
        let error = try failure("\(inFile), region: \(region)")
        #expect(error.code == .badValue && error.message.contains("region"))
    }

    @Test func keysGoToTheRegionsOwnHostAndThisMachine() throws {
        let here = try resolve("\(inFile), region: us-east-1, base_url: 'http://127.0.0.1:9'")
        #expect(here.signingKeys != nil && here.isLocal)
        #expect(try resolve("base_url: 'http://127.0.0.1:9'", environment).signingKeys == nil)
        let strange = try failure("\(inFile), region: us-east-1, base_url: 'https://evil.org'", trust: .lines([]))
        #expect(strange.code == .untrustedHost && !strange.message.contains("secret-f"))
        let plain = "\(inFile), region: us-east-1, base_url: 'http://bedrock-runtime.us-east-1.amazonaws.com'"
        #expect(try failure(plain).code == .plainHTTP)
    }
}
