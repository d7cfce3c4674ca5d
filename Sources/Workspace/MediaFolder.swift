import Foundation

/// The folder `media` of a workspace: pictures and sounds, each named by its artifact's id.
package struct MediaFolder: Sendable {
    /// A picture or a sound.
    package struct Medium: Hashable, Sendable {
        /// `image/png`, `audio/mpeg` and the like.
        package var type: String
        package var bytes: [UInt8]
    }

    private let path: String

    package init(_ workspace: Workspace) { path = workspace.paths.folder + "/media" }

    /// The picture or sound of an artifact; nil when there is none, or its bytes are of no known kind.
    package func medium(of id: String) throws(WorkspaceError) -> Medium? {
        guard Artifact.isSafe(id) else { return nil }
        for (ending, type) in Self.endings {
            guard let bytes = try StoredFile.read("\(path)/\(id).\(ending)") else { continue }
            if Self.isOf(type, bytes) { return Medium(type: type, bytes: bytes) }
        }
        return nil
    }

    private static let endings = [
        ("png", "image/png"), ("jpg", "image/jpeg"), ("jpeg", "image/jpeg"), ("webp", "image/webp"),
        ("gif", "image/gif"), ("mp3", "audio/mpeg"), ("ogg", "audio/ogg"), ("wav", "audio/wav"),
    ]

    /// Whether a file begins as its kind does.
    private static func isOf(_ type: String, _ bytes: [UInt8]) -> Bool {
        func begins(with text: String, at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: text.utf8) }
        return switch type {
        case "image/png": bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
        case "image/jpeg": bytes.starts(with: [0xFF, 0xD8, 0xFF])
        case "image/webp": begins(with: "RIFF") && begins(with: "WEBP", at: 8)
        case "image/gif": begins(with: "GIF8")
        case "audio/mpeg": begins(with: "ID3") || (bytes.count > 1 && bytes[0] == 0xFF && bytes[1] & 0xE0 == 0xE0)
        case "audio/ogg": begins(with: "OggS")
        default: begins(with: "RIFF") && begins(with: "WAVE", at: 8)
        }
    }
}
