import Core
import Foundation
import ResponseCache

/// What the index on the server says of an entry: its size and its texts, each preceded by its length in bytes, and its
/// lifetime. Scripts read the size and the provider of it.
struct CacheLine: Hashable, Sendable {
    var size: Int
    var provider: String
    var model: String
    var lifetime: Lifetime

    init(_ entry: CacheEntry) {
        size = entry.size
        provider = entry.provider
        model = entry.model
        lifetime = entry.lifetime
    }

    var text: String {
        let times = [lifetime.stored.wall, lifetime.stored.sinceBoot, lifetime.length ?? -1].map { "\($0)" }
        let texts = [provider, model, lifetime.bootID].map { "\($0.utf8.count) \($0)" }
        return "\(size) " + texts.joined() + times.joined(separator: " ")
    }

    /// Reads what the server has; nil when it is anything else.
    init?(_ bytes: Data) {
        var rest = Array(bytes)[...]
        func number(_ part: ArraySlice<UInt8>) -> Int64? { Int64(String(decoding: part, as: UTF8.self)) }
        func field() -> Int64? {
            guard let end = rest.firstIndex(of: UInt8(ascii: " ")) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return number(rest[..<end])
        }
        func string() -> String? {
            guard let count = field(), count >= 0, count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(Int(count)) }
            return String(decoding: rest.prefix(Int(count)), as: UTF8.self)
        }
        guard let size = field(), size >= 0, let provider = string(), let model = string(), let bootID = string(),
            let wall = field(), let sinceBoot = field(), let length = number(rest)
        else { return nil }
        self.size = Int(size)
        self.provider = provider
        self.model = model
        lifetime = Lifetime(
            bootID: bootID, stored: Moment(wall: wall, sinceBoot: sinceBoot), length: length < 0 ? nil : length)
    }

    /// The entry with its record, or without one where only the index is asked.
    func entry(_ key: String, record: Data = Data()) -> CacheEntry {
        CacheEntry(key: key, provider: provider, model: model, lifetime: lifetime, record: record)
    }
}
