import Core
import Foundation

/// Where a kind of server lists its models, and how the list reads.
protocol ModelCatalogue: Sendable {
    /// The address of the list, or of the page of it that follows a mark.
    func listing(at base: URL, after mark: String?) -> URL
    /// nil when the object is no list.
    func read(_ page: JSONValue) -> CataloguePage?
    /// Where the server tells its version; nil when it does not.
    func version(at base: URL) -> URL?
}

extension ModelCatalogue {
    func version(at base: URL) -> URL? { nil }
}

/// A page of a list of models, or all of it.
struct CataloguePage: Hashable, Sendable {
    var models: [ProviderSurvey.Model]
    /// Names the page that follows; nil when there is none.
    var next: String?
    var takesAnyModel = false
}

/// `GET {base}/models` (https://platform.openai.com/docs/api-reference/models/list).
extension OpenAIDialect: ModelCatalogue {
    func listing(at base: URL, after mark: String?) -> URL { base.appending(path: "models") }

    func read(_ page: JSONValue) -> CataloguePage? {
        guard let models = page["data"]?.array else { return nil }
        let names = models.compactMap { $0["id"]?.string }
        // llama.cpp's own server serves one model, by whatever name it is asked for.
        let takesAny = !models.isEmpty && models.allSatisfy { $0["owned_by"]?.string == "llamacpp" }
        return CataloguePage(models: names.map { ProviderSurvey.Model($0) }, takesAnyModel: takesAny)
    }
}

/// `GET /v1/models` (https://docs.anthropic.com/en/api/models-list), in pages.
extension AnthropicDialect: ModelCatalogue {
    func listing(at base: URL, after mark: String?) -> URL {
        let items =
            [URLQueryItem(name: "limit", value: "1000")]
            + (mark.map { [URLQueryItem(name: "after_id", value: $0)] } ?? [])
        return base.versioned("v1").appending(path: "models").appending(queryItems: items)
    }

    func read(_ page: JSONValue) -> CataloguePage? {
        guard let models = page["data"]?.array else { return nil }
        let names = models.compactMap { $0["id"]?.string }
        let hasMore = page["has_more"]?.bool == true
        return CataloguePage(
            models: names.map { ProviderSurvey.Model($0, aliases: Self.aliases(of: $0)) },
            next: hasMore ? page["last_id"]?.string ?? names.last : nil,
            takesAnyModel: !models.isEmpty && models.allSatisfy { $0["owned_by"]?.string == "llamacpp" })
    }

    /// A model's name without its date, and with `latest` in its place, stands for its newest one.
    private static func aliases(of name: String) -> [String] {
        let undated = name.replacing(/-[0-9]{8}$/, with: "")
        return undated == name ? [] : [undated, undated + "-latest"]
    }
}

/// `GET /v1beta/models` (https://ai.google.dev/api/models#method:-models.list), in pages.
extension GeminiDialect: ModelCatalogue {
    func listing(at base: URL, after mark: String?) -> URL {
        let items =
            [URLQueryItem(name: "pageSize", value: "1000")]
            + (mark.map { [URLQueryItem(name: "pageToken", value: $0)] } ?? [])
        return base.versioned("v1beta").appending(path: "models").appending(queryItems: items)
    }

    /// Models that only embed, count or draw are left out.
    func read(_ page: JSONValue) -> CataloguePage? {
        guard let models = page["models"]?.array else { return nil }
        let writing = models.filter { model in
            guard let methods = model["supportedGenerationMethods"]?.array else { return true }
            return methods.contains { $0.string == "generateContent" }
        }
        let named = writing.compactMap { $0["name"]?.string }.map { name in
            let short = name.hasPrefix("models/") ? String(name.dropFirst("models/".count)) : name
            return ProviderSurvey.Model(short, aliases: short == name ? [] : [name])
        }
        let next = page["nextPageToken"]?.string
        return CataloguePage(models: named, next: next?.isEmpty == true ? nil : next)
    }
}

/// `GET /api/tags` (https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models) and `GET /api/version`.
extension OllamaDialect: ModelCatalogue {
    func listing(at base: URL, after mark: String?) -> URL { base.appending(path: "api/tags") }
    func version(at base: URL) -> URL? { base.appending(path: "api/version") }

    /// A name without a tag means the tag `latest`.
    func read(_ page: JSONValue) -> CataloguePage? {
        guard let models = page["models"]?.array else { return nil }
        let named = models.compactMap { $0["name"]?.string ?? $0["model"]?.string }.map { name in
            ProviderSurvey.Model(
                name, aliases: name.hasSuffix(":latest") ? [String(name.dropLast(":latest".count))] : [])
        }
        return CataloguePage(models: named)
    }
}
