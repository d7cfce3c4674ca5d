public import Core
import Foundation

extension SessionEventRecord {
    /// The event as `session export` prints it: `session`, `time`, `event` and the event's own members, in snake case;
    /// times are ISO 8601, money is dollars.
    public var json: JSONValue {
        var object = JSONObject([
            ("session", JSONValue(session.description)), ("time", JSONValue(time: moment.wall)),
        ])
        let data = (try? JSONEncoder().encode(event)) ?? Data()
        guard let member = (try? JSONValue(parsing: data))?.object?.members.first else { return .object(object) }
        object["event"] = JSONValue(member.key.snakeCase)
        for (key, value) in Self.members(of: member.value) { object[key] = value }
        return .object(object)
    }

    /// The members of an event; what it tells with a single value without a name is told member by member.
    private static func members(of value: JSONValue) -> [(String, JSONValue)] {
        let members = (value.object?.members ?? []).sorted { $0.key < $1.key }
        if members.count == 1, members[0].key == "_0" { return self.members(of: members[0].value) }
        return members.map { ($0.key.snakeCase, plain($0.value, under: $0.key)) }
    }

    private static func plain(_ value: JSONValue, under key: String) -> JSONValue {
        if ["until", "resetsAt"].contains(key), let wall = value.int { return JSONValue(time: Int64(wall)) }
        if let items = value.array { return .array(items.map { plain($0, under: key) }) }
        guard let object = value.object else { return value }
        if object.members.count == 1, let only = object["_0"] { return plain(only, under: key) }
        return .object(JSONObject(members(of: value)))
    }
}

extension String {
    /// `requestFellBack` as `request_fell_back`.
    fileprivate var snakeCase: String {
        reduce(into: "") { text, letter in
            text += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
        }
    }
}
