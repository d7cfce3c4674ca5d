import Configuration
import Core
import Foundation

/// The web interface of Stable Diffusion (https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/API).
struct A1111Dialect: MediaDialect {
    static let accept = "application/json"
    /// Stands for the checkpoint that the server has loaded.
    static let loadedModel = ProviderType.a1111.defaultModel

    init(_ provider: ResolvedProvider) {}

    func url(of call: ImageCall, at base: URL) -> URL { base.appending(path: "sdapi/v1/txt2img") }

    func fields(key: Secret?) -> [HTTPField] { [] }

    func body(of call: ImageCall) -> JSONValue {
        var body = JSONObject([("prompt", JSONValue(call.prompt)), ("batch_size", 1), ("n_iter", 1)])
        body["width"] = call.width.map { JSONValue($0) }
        body["height"] = call.height.map { JSONValue($0) }
        body["steps"] = call.steps.map { JSONValue($0) }
        body["cfg_scale"] = JSONValue(optional: call.cfgScale)
        body["sampler_name"] = call.sampler.map { JSONValue($0) }
        // A seed of -1 is a random one, and the largest has 32 bits.
        body["seed"] = call.takeSeed.map { JSONValue($0 & UInt64(UInt32.max)) }
        if call.model != Self.loadedModel {
            body["override_settings"] = ["sd_model_checkpoint": JSONValue(call.model)]
        }
        return .object(body)
    }

    func read(_ response: MediaResponse, to call: ImageCall) throws(AnswerFault) -> MediaDraft {
        guard let text = try response.object()["images"]?.array?.first?.string else {
            throw .unreadable("it holds no images")
        }
        return MediaDraft(media: try Media(base64: text, claimed: nil), usage: call.usageBound)
    }
}
