public import Core

/// Writes text for a model call.
///
/// Only `Generator` calls one, with a ``Core/Permit`` that the rate limiter gave: that is how every call passes the
/// cache, the limits and the ledger. An instance serves any number of calls at once.
public protocol TextProvider: Sendable {
    /// The provider's name in the configuration.
    var name: String { get }
    var capabilities: ProviderCapabilities { get }

    /// Answers a call, handing over the text as it comes.
    ///
    /// `onDelta` gets the pieces of ``Core/Answer/text`` in order, and none after this has returned or thrown; a
    /// provider may give all of it in one piece. Cancelling the task ends the call at once, with an error whose kind is
    /// ``ProviderError/Kind/cancelled``.
    func generate(
        _ call: TextCall, permit: Permit, onDelta: @escaping @Sendable (String) -> Void
    ) async throws(ProviderError) -> Answer
}

/// What a provider can do beyond answering.
public struct ProviderCapabilities: Hashable, Sendable {
    /// Whether an answer is handed over while it is being written.
    public var streaming: Bool
    /// Whether it can be told to answer with one JSON object.
    public var jsonMode: Bool
    /// Whether a seed makes its answers repeatable, as far as the model allows.
    public var seed: Bool

    public init(streaming: Bool, jsonMode: Bool, seed: Bool) {
        self.streaming = streaming
        self.jsonMode = jsonMode
        self.seed = seed
    }
}
