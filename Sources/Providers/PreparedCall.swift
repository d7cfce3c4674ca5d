public import Core

/// A call and the provider that it is for, of whatever kind they are: what ``ProviderPool`` gives to `Generator`.
public struct PreparedCall: Sendable {
    /// Whether the answer is handed over while it is being written.
    public let isStreamed: Bool
    private let ask: @Sendable (Permit, @escaping @Sendable (String) -> Void) async throws(ProviderError) -> Answer

    public init(_ call: TextCall, to provider: any TextProvider) {
        isStreamed = provider.capabilities.streaming
        ask = { permit, onDelta throws(ProviderError) in
            try await provider.generate(call, permit: permit, onDelta: onDelta)
        }
    }

    public init(_ call: ImageCall, to provider: any ImageProvider) {
        isStreamed = false
        ask = { permit, _ throws(ProviderError) in try await provider.generate(call, permit: permit) }
    }

    public init(_ call: SpeechCall, to provider: any SpeechProvider) {
        isStreamed = false
        ask = { permit, _ throws(ProviderError) in try await provider.generate(call, permit: permit) }
    }

    /// Makes the call, under the terms of ``TextProvider``.
    public func generate(
        permit: Permit, onDelta: @escaping @Sendable (String) -> Void
    ) async throws(ProviderError) -> Answer {
        try await ask(permit, onDelta)
    }
}

extension ModelCall {
    /// The most that the call can use.
    public var usageBound: Usage {
        switch self {
        case .text(let call): Usage.worstCase(of: call)
        case .image(let call): call.usageBound
        case .speech(let call): call.usageBound
        }
    }
}
