public import Core

/// Makes a picture for a model call.
///
/// Only `Generator` calls one, with a ``Core/Permit`` that the rate limiter gave. An instance serves any number of calls
/// at once.
public protocol ImageProvider: Sendable {
    /// The provider's name in the configuration.
    var name: String { get }

    /// Makes the picture: the answer's ``Core/Answer/media``, which is missing when the provider withheld it.
    /// Cancelling the task ends the call at once, with an error whose kind is ``ProviderError/Kind/cancelled``.
    func generate(_ call: ImageCall, permit: Permit) async throws(ProviderError) -> Answer
}

/// Reads a text aloud for a model call, under the same terms as an ``ImageProvider``.
public protocol SpeechProvider: Sendable {
    /// The provider's name in the configuration.
    var name: String { get }

    /// Makes the sound: the answer's ``Core/Answer/media``, which is missing when the provider withheld it.
    /// Cancelling the task ends the call at once, with an error whose kind is ``ProviderError/Kind/cancelled``.
    func generate(_ call: SpeechCall, permit: Permit) async throws(ProviderError) -> Answer
}
