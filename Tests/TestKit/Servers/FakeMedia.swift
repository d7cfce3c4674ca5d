public import Core
import Foundation

/// The form in which one provider's server of pictures or sound answers, as it is published.
public struct FakeMediaForm: Sendable {
    /// What a configuration's `base_url` has after the port.
    public var basePath: String
    /// The kind of what it makes.
    public var kind: ProviderKind
    /// Where a call goes, and the field that holds its key; nil when it takes none.
    public var path: String
    public var keyField: String?
    public var answer: @Sendable (_ media: [UInt8], _ mediaType: String) -> FakeReply
    public var error: @Sendable (_ status: Int, _ message: String) -> FakeReply

    public static let dalle = FakeMediaForm(
        basePath: "/v1", kind: .image, path: "/v1/images/generations", keyField: "authorization",
        answer: { media, _ in .json(["created": 1, "data": [["b64_json": .base64(media)]]]) }, error: openAIError)

    public static let a1111 = FakeMediaForm(
        basePath: "", kind: .image, path: "/sdapi/v1/txt2img",
        answer: { media, _ in .json(["images": [.base64(media)], "parameters": [:], "info": "{}"]) },
        error: { .json(["error": "OutOfMemoryError", "detail": "", "errors": JSONValue($1)], status: $0) })

    public static let imagen = FakeMediaForm(
        basePath: "", kind: .image, path: "/v1beta/models/test-model:predict", keyField: "x-goog-api-key",
        answer: { media, type in
            .json(["predictions": [["mimeType": JSONValue(type), "bytesBase64Encoded": .base64(media)]]])
        }, error: { .json(FakeGeminiForm().error(status: $0, message: $1, code: "CODE"), status: $0) })

    public static let openAITTS = FakeMediaForm(
        basePath: "/v1", kind: .audio, path: "/v1/audio/speech", keyField: "authorization", answer: plain,
        error: openAIError)

    public static let elevenLabs = FakeMediaForm(
        basePath: "", kind: .audio, path: "/v1/text-to-speech/a%20voice", keyField: "xi-api-key", answer: plain,
        error: { .json(["detail": ["status": "some_error", "message": JSONValue($1)]], status: $0) })

    /// The beginning of a picture that may be of any length.
    public static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 1, 2, 3]
    public static let mp3: [UInt8] = [0xFF, 0xFB, 0x90, 0x64, 0, 0, 1, 2, 3]

    /// What the form answers with when nothing else is asked of it.
    public var sample: (bytes: [UInt8], type: String) {
        kind == .image ? (Self.png, "image/png") : (Self.mp3, "audio/mpeg")
    }

    private static let openAIError: @Sendable (Int, String) -> FakeReply = {
        .json(FakeOpenAIForm().error(status: $0, message: $1, code: "error"), status: $0)
    }

    private static let plain: @Sendable ([UInt8], String) -> FakeReply = { media, type in
        .raw(headers: ["Content-Type": type], body: media)
    }
}

extension FakeReply {
    public static func json(_ value: JSONValue, status: Int = 200) -> FakeReply {
        .raw(value.text(), status: status, contentType: "application/json")
    }
}

extension JSONValue {
    public static func base64(_ bytes: [UInt8]) -> JSONValue { JSONValue(Data(bytes).base64EncodedString()) }
}
