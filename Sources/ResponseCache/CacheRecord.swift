import Core
import Foundation

/// An answer with its lifetime: all that a look-up reads.
///
/// In bytes it is a checksum, a version, and its fields in a fixed order, numbers in 64 bits little-endian, texts
/// preceded by their length, absent values as a length of -1. Nothing of it is ever executed. JSON takes thirty times as
/// long to read, and an answer is looked up more often than it is made.
struct CacheRecord: Hashable {
    var lifetime: Lifetime
    var kept: CachedAnswer

    private static let version = 4
    private static let checksumLength = 8

    /// A record that begins to count when its answer was stored.
    init(_ kept: CachedAnswer, bootID: String, length: Int64?) {
        lifetime = Lifetime(bootID: bootID, stored: kept.storedAt, length: length)
        self.kept = kept
    }

    var bytes: Data {
        let answer = kept.answer
        let length = answer.text.utf8.count + (answer.reasoning?.utf8.count ?? 0) + (answer.media?.bytes.count ?? 0)
        var writer = ByteWriter(capacity: length + 384)
        // The checksum's place.
        writer.add(0)
        writer.add(Self.version)
        writer.add(lifetime.bootID)
        writer.add(Int(lifetime.stored.wall))
        writer.add(Int(lifetime.stored.sinceBoot))
        writer.add(Int(lifetime.length ?? -1))
        writer.add(answer.text)
        writer.add(answer.reasoning)
        writer.add(answer.responseID)
        writer.add(answer.model)
        writer.add(answer.finish.rawValue)
        writer.add(answer.isUsageEstimated ? 1 : 0)
        let usage = answer.usage
        for count in [
            usage.inputTokens, usage.cachedInputTokens, usage.cacheWriteTokens, usage.cacheWriteHourTokens,
            usage.outputTokens, usage.reasoningTokens, usage.images, usage.characters,
        ] { writer.add(count) }
        writer.add(kept.cost.map { String($0.picodollars) })
        writer.add(answer.media?.type.rawValue)
        writer.add(answer.media?.bytes)
        return writer.bytes.withUnsafeMutableBytes { bytes in
            let checksum = Self.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[Self.checksumLength...]))
            bytes.storeBytes(of: checksum.littleEndian, as: UInt64.self)
            return Data(bytes)
        }
    }

    /// The checksum of SQLite's journal (https://www.sqlite.org/fileformat2.html#checksum_algorithm), in words of 64 bits, the
    /// last one filled with zeros: it is to find damage, which nobody does on purpose.
    private static func checksum(of body: UnsafeRawBufferPointer) -> UInt64 {
        var sums: (UInt64, UInt64) = (0, UInt64(body.count))
        func add(_ word: UInt64) { sums = (sums.1, sums.0 &+ sums.1 &+ word) }
        let whole = body.count & ~7
        for place in stride(from: 0, to: whole, by: 8) {
            add(UInt64(littleEndian: body.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
        }
        add(body[whole...].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        return sums.0 ^ sums.1.byteSwapped
    }

    /// Reads the bytes; nil when they are of another version, or damaged.
    init?(bytes: Data) {
        guard bytes.count >= Self.checksumLength else { return nil }
        let read = bytes.withUnsafeBytes { bytes -> CacheRecord? in
            let body = UnsafeRawBufferPointer(rebasing: bytes[Self.checksumLength...])
            let checksum = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
            guard checksum == Self.checksum(of: body) else { return nil }
            var reader = ByteReader(bytes: body)
            return CacheRecord(from: &reader)
        }
        guard let read else { return nil }
        self = read
    }

    private init?(from reader: inout ByteReader) {
        guard reader.number() == Self.version, let bootID = reader.text(), let wall = reader.number(),
            let sinceBoot = reader.number(), let length = reader.number(), let text = reader.text(),
            let reasoning = reader.optionalText(), let responseID = reader.optionalText(), let model = reader.text(),
            let finish = reader.text().flatMap(Answer.Finish.init), let isUsageEstimated = reader.number(),
            let usage = Usage(from: &reader), let cost = reader.optionalText(),
            let mediaType = reader.optionalText(), let bytes = reader.optionalBytes(), reader.isAtEnd
        else { return nil }
        let amount = cost.map { Int128($0) }
        if case .some(.none) = amount { return nil }
        let type = mediaType.flatMap(MediaType.init(rawValue:))
        guard (type == nil) == (mediaType == nil), (type == nil) == (bytes == nil) else { return nil }
        let answer = Answer(
            text: text, reasoning: reasoning, usage: usage, isUsageEstimated: isUsageEstimated == 1, finish: finish,
            responseID: responseID, model: model,
            media: type.flatMap { type in bytes.map { Media(bytes: $0, type: type) } })
        let kept = CachedAnswer(
            answer: answer, cost: amount?.map { Money(picodollars: $0) },
            storedAt: Moment(wall: Int64(wall), sinceBoot: Int64(sinceBoot)))
        self.init(kept, bootID: bootID, length: length < 0 ? nil : Int64(length))
    }
}

extension Usage {
    fileprivate init?(from reader: inout ByteReader) {
        var counts: [Int] = []
        for _ in 0..<8 {
            guard let count = reader.number() else { return nil }
            counts.append(count)
        }
        self.init(
            inputTokens: counts[0], cachedInputTokens: counts[1], cacheWriteTokens: counts[2],
            cacheWriteHourTokens: counts[3], outputTokens: counts[4], reasoningTokens: counts[5], images: counts[6],
            characters: counts[7])
    }
}

private struct ByteWriter {
    var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func add(_ number: Int) {
        withUnsafeBytes(of: Int64(number).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ text: String?) {
        add(text?.utf8.count ?? -1)
        if let text { bytes.append(contentsOf: text.utf8) }
    }

    mutating func add(_ data: Data?) {
        add(data?.count ?? -1)
        if let data { bytes.append(contentsOf: data) }
    }
}

private struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    private var place = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func number() -> Int? {
        guard bytes.count - place >= 8 else { return nil }
        defer { place += 8 }
        return Int(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)))
    }

    mutating func text() -> String? { optionalText() ?? nil }

    /// A text or its absence; nil when there is neither.
    mutating func optionalText() -> String?? {
        part().map { part in part.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// Bytes or their absence; nil when there is neither.
    mutating func optionalBytes() -> Data?? { part().map { part in part.map { Data($0) } } }

    private mutating func part() -> Slice<UnsafeRawBufferPointer>?? {
        guard let length = number(), length >= -1, length <= bytes.count - place else { return .none }
        guard length >= 0 else { return .some(nil) }
        defer { place += length }
        return bytes[place..<(place + length)]
    }
}
