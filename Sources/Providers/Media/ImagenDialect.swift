import Configuration
import Core
import Foundation

/// Google's Imagen (https://ai.google.dev/gemini-api/docs/imagen), which tells neither tokens nor sizes.
struct ImagenDialect: MediaDialect {
    static let accept = "application/json"
    private static let ratios = [("1:1", 1.0), ("3:4", 0.75), ("4:3", 4.0 / 3), ("9:16", 0.5625), ("16:9", 16.0 / 9)]

    init(_ provider: ResolvedProvider) {}

    func url(of call: ImageCall, at base: URL) -> URL {
        let model = call.model.contains("/") ? call.model : "models/\(call.model)"
        return base.versioned("v1beta").appending(path: "\(model):predict")
    }

    func fields(key: Secret?) -> [HTTPField] {
        key.map { [HTTPField(name: "x-goog-api-key", value: $0.reveal(), setting: "api_key")] } ?? []
    }

    func body(of call: ImageCall) -> JSONValue {
        var parameters = JSONObject([("sampleCount", 1)])
        parameters["aspectRatio"] = (call.aspectRatio ?? Self.ratio(of: call)).map { JSONValue($0) }
        return ["instances": [["prompt": JSONValue(call.prompt)]], "parameters": .object(parameters)]
    }

    /// The ratio that the picture's sides are nearest to.
    private static func ratio(of call: ImageCall) -> String? {
        guard let width = call.width, let height = call.height, height > 0 else { return nil }
        let ratio = Double(width) / Double(height)
        return ratios.min { abs($0.1 - ratio) < abs($1.1 - ratio) }?.0
    }

    /// A picture that is withheld leaves its reason, or nothing at all.
    func read(_ response: MediaResponse, to call: ImageCall) throws(AnswerFault) -> MediaDraft {
        let object = try response.object()
        let prediction = object["predictions"]?.array?.first
        if let text = prediction?["bytesBase64Encoded"]?.string {
            let media = try Media(base64: text, claimed: prediction?["mimeType"]?.string)
            return MediaDraft(media: media, usage: call.usageBound)
        }
        guard object.object?.isEmpty == true || prediction?["raiFilteredReason"] != nil else {
            throw .unreadable("it holds no predictions with a picture")
        }
        return MediaDraft(usage: .zero)
    }

    /// A wrong key is a bad request here.
    func refusesKey(_ error: JSONValue, head: HTTPHead) -> Bool { GeminiDialect.refusesKey(error) }
}
