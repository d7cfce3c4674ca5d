/// A JSON value that comes back as it went in: key order, the digits of every number and lone surrogates included.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    /// A string that holds half of a surrogate pair, which no Swift string can: its escaped form, without quotes.
    case unpairedString(escaped: String)
    case array([JSONValue])
    case object(JSONObject)

    /// The value of a key of an object; nil for other values and for absent keys.
    public subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The text of a string, lone surrogates replaced by U+FFFD; nil for other values.
    public var string: String? {
        switch self {
        case .string(let text): text
        case .unpairedString(let escaped): JSONParser.replacingUnpaired(escaped)
        default: nil
        }
    }

    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The number as a whole number, when it is one that fits; never traps.
    public var int: Int? { if case .number(let number) = self { number.int } else { nil } }
    public var double: Double? { if case .number(let number) = self { number.double } else { nil } }
    public var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    public var isNull: Bool { self == .null }
}

/// A number as its literal, so that no digit is lost: `9007199254740993`, `1e21`, `-0.0`, `NaN`.
public struct JSONNumber: Hashable, Sendable {
    public let literal: String

    package init(literal: String) { self.literal = literal }
    public init(_ value: some FixedWidthInteger) { literal = String(value) }
    /// Uses the shortest literal that reads back as the same number.
    public init(_ value: Double) {
        if value.isNaN {
            literal = "NaN"
        } else if value.isInfinite {
            literal = value < 0 ? "-Infinity" : "Infinity"
        } else {
            literal = "\(value)"
        }
    }

    public var int: Int? { Int(literal) ?? Int(exactly: double) }
    public var double: Double {
        switch literal {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: Double(literal) ?? .nan
        }
    }
}

/// The members of a JSON object in their order. Keys are told apart by their code points.
///
/// A look-up takes time in proportion to the number of keys.
public struct JSONObject: Hashable, Sendable, Sequence {
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSONValue
    }

    public private(set) var members: [Member] = []

    public init() {}

    /// Takes members whose keys are already known to be unique.
    init(unique members: [Member]) { self.members = members }

    public init(_ pairs: [(String, JSONValue)]) {
        for (key, value) in pairs { self[key] = value }
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.key) }

    /// Setting a key that exists keeps its place; setting nil removes it.
    public subscript(key: String) -> JSONValue? {
        get { index(of: key).map { members[$0].value } }
        set {
            switch (index(of: key), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }

    private func index(of key: String) -> Int? {
        members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
    public init(nilLiteral: ()) { self = .null }

    public init(_ value: some FixedWidthInteger) { self = .number(JSONNumber(value)) }
    public init(_ value: String) { self = .string(value) }
    /// A string, or null for nil.
    public init(_ value: String?) { self = value.map(JSONValue.string) ?? .null }
}
