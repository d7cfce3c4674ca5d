/// What a provider makes.
public enum ProviderKind: String, CaseIterable, Codable, Hashable, Sendable {
    case text, image, audio
}
