import Core

/// An artifact's file, in which the metadata of the second version comes and goes, and every other byte stays: the order
/// of keys, the spelling of numbers and escapes, white space.
struct ArtifactText {
    let bytes: [UInt8]
    let artifact: Artifact
    private let document: JSONMembers
    private let metadata: JSONMembers

    /// Nil for what is no artifact: no JSON object, or one without metadata.
    init?(_ bytes: [UInt8]) {
        guard let value = (try? JSONValue(parsing: bytes))?.object, value["metadata"]?.object != nil,
            let document = JSONMembers(in: bytes), let place = document["metadata"]?.value.lowerBound,
            let metadata = JSONMembers(in: bytes, at: place)
        else { return nil }
        self.bytes = bytes
        artifact = Artifact(document: value)
        self.document = document
        self.metadata = metadata
    }

    /// The bytes of the content, which no migration changes.
    var content: ArraySlice<UInt8> { document["data"].map { bytes[$0.value] } ?? [] }

    /// The file with a content hash, and with a revision when it has none; nil when it has a hash already.
    ///
    /// The two are the last keys, in this order, by which ``removingRevision()`` knows them again.
    func addingRevision() -> [UInt8]? {
        guard metadata["content_hash"] == nil else { return nil }
        var added = ["\"content_hash\": \"\(Artifact.contentHash(of: artifact.data))\""]
        if metadata["revision"] == nil { added.append("\"revision\": 1") }
        guard let last = metadata.members.last else {
            return inserting(added.joined(separator: ", "), at: metadata.start)
        }
        let before = metadata.members.dropLast().last.map { bytes[$0.range.upperBound..<last.range.lowerBound] }
        // After the comma or the brace, each key stands behind the same space.
        let gap =
            before.map { $0.drop { $0 != UInt8(ascii: ",") }.dropFirst() }
            ?? bytes[metadata.start..<last.range.lowerBound]
        let space = String(decoding: gap, as: UTF8.self)
        return inserting(added.map { "," + space + $0 }.joined(), at: last.range.upperBound)
    }

    /// The file without the keys that ``addingRevision()`` added; nil when there are none, or when the program has
    /// written the artifact since.
    func removingRevision() -> [UInt8]? {
        guard metadata["written"] == nil, metadata["provenance"] == nil else { return nil }
        var kept = metadata.members[...]
        if let last = kept.last, last.key == "revision", bytes[last.value].elementsEqual("1".utf8) { kept.removeLast() }
        guard let hash = kept.popLast(), hash.key == "content_hash", isHash(bytes[hash.value]),
            let last = metadata.members.last
        else { return nil }
        let start = kept.last?.range.upperBound ?? metadata.start
        return Array(bytes[..<start] + bytes[last.range.upperBound...])
    }

    private func isHash(_ value: ArraySlice<UInt8>) -> Bool {
        value.count == 66 && value.dropFirst().dropLast().allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
    }

    private func inserting(_ text: String, at place: Int) -> [UInt8] {
        Array(bytes[..<place]) + Array(text.utf8) + Array(bytes[place...])
    }
}
