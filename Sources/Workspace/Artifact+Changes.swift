package import Core

extension Artifact {
    /// SHA-256 of the content, in hexadecimal: the same for the same content, whoever wrote it.
    package var contentHash: String { Self.contentHash(of: data) }

    /// The same artifact with other content, where some is given, and other metadata; every key that is not known here stays.
    package func changed(data: JSONValue? = nil, _ change: (inout JSONObject) -> Void) -> Artifact {
        var metadata = metadata
        change(&metadata)
        var document = document
        if let data { document["data"] = data }
        document["metadata"] = .object(metadata)
        return Artifact(document: document, id: id)
    }

    /// The artifact as its file holds it.
    package var json: JSONValue { .object(document) }
}
