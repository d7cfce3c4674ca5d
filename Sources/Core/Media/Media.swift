public import Foundation

/// A picture or a sound: its bytes, and what they are.
public struct Media: Hashable, Codable, Sendable, CustomStringConvertible {
    public var bytes: Data
    public var type: MediaType

    public init(bytes: Data, type: MediaType) {
        self.bytes = bytes
        self.type = type
    }

    /// `image/png, 12,345 bytes`
    public var description: String { "\(type.rawValue), \(bytes.count.grouped) bytes" }
}

/// The forms of pictures and sounds that providers make.
public enum MediaType: String, CaseIterable, Codable, Sendable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case webp = "image/webp"
    case gif = "image/gif"
    case mp3 = "audio/mpeg"
    case wav = "audio/wav"
    case ogg = "audio/ogg"
    case flac = "audio/flac"

    public var kind: ProviderKind { rawValue.hasPrefix("image/") ? .image : .audio }

    /// What a file of it ends in, without a dot.
    public var fileExtension: String {
        switch self {
        case .png: "png"
        case .jpeg: "jpg"
        case .webp: "webp"
        case .gif: "gif"
        case .mp3: "mp3"
        case .wav: "wav"
        case .ogg: "ogg"
        case .flac: "flac"
        }
    }

    /// The type that a server names, in one of its usual spellings; nil when it is none of these.
    public init?(named name: String) {
        let older = [
            "image/jpg": MediaType.jpeg, "audio/mp3": .mp3, "audio/x-wav": .wav, "audio/wave": .wav,
            "audio/vnd.wave": .wav, "audio/opus": .ogg, "audio/x-flac": .flac,
        ]
        guard let type = MediaType(rawValue: name) ?? older[name] else { return nil }
        self = type
    }

    /// What bytes are, as their first ones tell, whatever anybody says about them; nil when they are none of these.
    public init?(of bytes: Data) {
        func begins(_ text: String, at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: text.utf8) }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if begins("RIFF"), begins("WEBP", at: 8) {
            self = .webp
        } else if begins("RIFF"), begins("WAVE", at: 8) {
            self = .wav
        } else if begins("GIF8") {
            self = .gif
        } else if begins("OggS") {
            self = .ogg
        } else if begins("fLaC") {
            self = .flac
        } else if begins("ID3") || Self.isMPEGFrame(bytes) {
            self = .mp3
        } else {
            return nil
        }
    }

    /// Whether a frame of MPEG audio begins: eleven bits that are set, then a layer that there is.
    private static func isMPEGFrame(_ bytes: Data) -> Bool {
        guard bytes.first == 0xFF, let second = bytes.dropFirst().first else { return false }
        return second & 0xE0 == 0xE0 && second & 0x06 != 0
    }
}
