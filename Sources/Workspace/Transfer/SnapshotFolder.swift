import Core
import Foundation
import Yams

/// A snapshot as questfoundry-py lays it out for version control: `manifest.yml`, and a YAML file for each artifact in a
/// folder that follows its type.
struct SnapshotFolder {
    /// The largest file that is read.
    private static let byteLimit = 16 << 20
    /// The most values that a file may come to, aliases counted each time.
    private static let mostValues = 1_000_000

    let path: String

    func records() throws(WorkspaceError) -> [StateRecord] {
        let manifest = try document("manifest.yml")
        guard let snapshot = manifest["snapshot"]?.object, let index = manifest["artifacts"]?.object else {
            throw .foreign(path + "/manifest.yml", "it names no snapshot and no artifacts")
        }
        var held: [Artifact] = []
        for (type, ids) in index.map({ ($0.key, $0.value) }) {
            for id in ids.array ?? [] { held.append(try artifact(id.string ?? "", type: type)) }
        }
        let record = Snapshot(document: snapshot)
        do { try StateRecord.check(record.id) } catch { throw .foreign(path + "/manifest.yml", error.reason) }
        return held.map { .artifact($0, .cold) } + [.snapshot(record, holding: held)]
    }

    private func artifact(_ id: String, type: String) throws(WorkspaceError) -> Artifact {
        do { try StateRecord.check(id) } catch { throw .foreign(path + "/manifest.yml", error.reason) }
        let name = "\(Self.folders[type] ?? "other")/\(id).yml"
        let document = try document(name)
        guard let type = document["type"]?.string, let data = document["data"] else {
            throw .foreign("\(path)/\(name)", "it has no type or no data")
        }
        return Artifact(id: id, type: type, data: data, metadata: document["metadata"]?.object ?? JSONObject())
    }

    private func document(_ name: String) throws(WorkspaceError) -> JSONObject {
        let place = "\(path)/\(name)"
        guard let bytes = try StoredFile.read(place) else { throw .foreign(place, "it is missing") }
        guard bytes.count <= Self.byteLimit else { throw .foreign(place, "it is larger than 16 MiB") }
        var left = Self.mostValues
        guard let node = try? Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)),
            let document = JSONValue(node, depth: 0, left: &left)?.object
        else { throw .foreign(place, "it is no YAML mapping") }
        return document
    }

    /// Where questfoundry-py's exporter puts a type.
    private static let folders = [
        "hook_card": "hooks", "tu_brief": "tus", "canon_pack": "canon", "codex_entry": "codex",
        "style_addendum": "style", "research_memo": "research", "shotlist": "shotlists", "cuelist": "cuelists",
        "view_log": "views", "gatecheck_report": "gatechecks", "art_manifest": "art", "art_plan": "art",
        "audio_plan": "audio", "front_matter": "front_matter", "edit_notes": "edit_notes",
        "language_pack": "languages", "register_map": "registers", "pn_playtest_notes": "playtest",
        "project_metadata": "metadata", "style_manifest": "style",
    ]
}

extension JSONValue {
    /// A YAML value as JSON, as PyYAML reads it; nil for what has no JSON, is nested too deep, or too much.
    fileprivate init?(_ node: Node, depth: Int, left: inout Int) {
        left -= 1
        guard depth < JSONValue.nestingLimit, left > 0 else { return nil }
        switch node {
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.string, let value = JSONValue(value, depth: depth + 1, left: &left) else {
                    return nil
                }
                object[name] = value
            }
            self = .object(object)
        case .sequence(let sequence):
            var values: [JSONValue] = []
            for node in sequence {
                guard let value = JSONValue(node, depth: depth + 1, left: &left) else { return nil }
                values.append(value)
            }
            self = .array(values)
        case .scalar(let scalar): self = Self.scalar(node, scalar)
        case .alias: return nil
        }
    }

    private static func scalar(_ node: Node, _ scalar: Node.Scalar) -> JSONValue {
        let text = scalar.string
        switch node.tag.description {
        case "tag:yaml.org,2002:null": return .null
        case "tag:yaml.org,2002:bool": return .bool(node.bool ?? false)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float":
            // The literal as it stands where JSON has the same, so that no digit is lost.
            if let number = try? JSONValue(parsing: Array(text.utf8)), case .number = number { return number }
            return node.float.map { .number(JSONNumber($0)) } ?? .string(text)
        default: return .string(text)
        }
    }
}
