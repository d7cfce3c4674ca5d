import Core
import Foundation

/// A provider in this process that draws a small landscape by chance numbers.
///
/// The same prompt and seed give the same bytes on every machine. It understands nothing of the prompt.
struct EmbeddedImageProvider: ImageProvider {
    private static let longestSide = 128

    let name: String

    func generate(_ call: ImageCall, permit: Permit) async throws(ProviderError) -> Answer {
        guard !Task.isCancelled else { throw .cancelled(in: name) }
        let (width, height) = Self.size(of: call)
        var random = StableRandom([call.prompt], seed: call.takeSeed ?? UInt64(max(call.take, 1) - 1))
        let picture = Landscape(width: width, height: height, random: &random)
        return Answer(
            text: "", usage: Usage(inputTokens: 0, outputTokens: 0, images: 1),
            model: EmbeddedTextProvider.model, media: Media(bytes: Data(picture.png), type: .png))
    }

    /// The sides that were asked for, in proportion, but small.
    private static func size(of call: ImageCall) -> (width: Int, height: Int) {
        let (width, height) = (max(call.width ?? longestSide, 1), max(call.height ?? longestSide, 1))
        let longest = max(width, height)
        guard longest > longestSide else { return (width, height) }
        return (max(width * longestSide / longest, 1), max(height * longestSide / longest, 1))
    }
}

/// A night sky with stars and a moon above three ranges of hills, in sixteen colours.
private struct Landscape {
    private static let skyColors = 8

    private let width: Int
    private let height: Int
    /// One colour's number for each pixel, row by row.
    private var pixels: [UInt8]
    private var palette: [UInt8] = []

    init(width: Int, height: Int, random: inout StableRandom) {
        (self.width, self.height) = (width, height)
        pixels = (0..<(width * height)).map { UInt8($0 / width * Self.skyColors / height) }
        mix(&random)
        for _ in 0..<(width * height / 200) { set(random.next(below: width), random.next(below: height), to: 12) }
        drawMoon(&random)
        for range in 0..<3 { drawHills(range, &random) }
    }

    var png: [UInt8] { PNG.encode(width: width, height: height, pixels: pixels, palette: palette) }

    private mutating func set(_ x: Int, _ y: Int, to color: UInt8) {
        if (0..<width).contains(x), (0..<height).contains(y) { pixels[y * width + x] = color }
    }

    /// A sky that brightens downwards, darker hills, and two lights.
    private mutating func mix(_ random: inout StableRandom) {
        let base = (0..<3).map { _ in 20 + random.next(below: 60) }
        let glow = (0..<3).map { _ in 90 + random.next(below: 140) }
        for step in 0..<12 {
            let share = step < Self.skyColors ? step * 32 : (11 - step) * 14
            palette += (0..<3).map { UInt8(clamping: base[$0] + (glow[$0] - base[$0]) * share / 256) }
        }
        palette += [255, 250, 220, 250, 235, 190]
        palette += [0, 0, 0, 0, 0, 0]
    }

    private mutating func drawMoon(_ random: inout StableRandom) {
        let radius = max(min(width, height) / (8 + random.next(below: 6)), 1)
        let (centerX, centerY) = (random.next(below: width), random.next(below: max(height / 2, 1)))
        for y in (centerY - radius)...(centerY + radius) {
            for x in (centerX - radius)...(centerX + radius) {
                let (dx, dy) = (x - centerX, y - centerY)
                if dx * dx + dy * dy <= radius * radius { set(x, y, to: 13) }
            }
        }
    }

    private mutating func drawHills(_ range: Int, _ random: inout StableRandom) {
        var line = height * (9 + 2 * range) / 16
        for x in 0..<width {
            line += random.next(below: 3) - 1
            for y in max(line, 0)..<max(height, max(line, 0)) { set(x, y, to: UInt8(8 + range)) }
        }
    }
}

/// Pictures in the form of https://www.w3.org/TR/png-3/, their data as it is: nothing here is large.
private enum PNG {
    private static let blockLimit = 65_535

    /// `pixels` are places in the palette, which has three bytes for each colour.
    static func encode(width: Int, height: Int, pixels: [UInt8], palette: [UInt8]) -> [UInt8] {
        // Eight bits, in colours of a palette.
        let header = UInt32(width).bigEndianBytes + UInt32(height).bigEndianBytes + [8, 3, 0, 0, 0]
        let rows = (0..<height).flatMap { [0] + pixels[($0 * width)..<(($0 + 1) * width)] }
        let parts = [("IHDR", header), ("PLTE", palette), ("IDAT", stored(rows)), ("IEND", [])]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + parts.flatMap(chunk)
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = type.utf8 + data
        return UInt32(data.count).bigEndianBytes + body + CRC32.checksum(of: body).bigEndianBytes
    }

    /// A zlib stream (https://www.rfc-editor.org/rfc/rfc1950) of blocks that are not compressed.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: bytes.count, by: blockLimit) {
            let end = min(start + blockLimit, bytes.count)
            let length = UInt16(end - start)
            stream.append(end == bytes.count ? 1 : 0)
            for word in [length, ~length] { stream += [UInt8(word & 0xFF), UInt8(word >> 8)] }
            stream += bytes[start..<end]
        }
        return stream + adler32(bytes).bigEndianBytes
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        let sums = bytes.reduce(into: (low: UInt32(1), high: UInt32(0))) { sums, byte in
            sums.low = (sums.low + UInt32(byte)) % 65_521
            sums.high = (sums.high + sums.low) % 65_521
        }
        return sums.high << 16 | sums.low
    }
}

extension ProviderError {
    /// For a call of a provider in this process.
    static func cancelled(in provider: String) -> ProviderError {
        ProviderError(
            kind: .cancelled, provider: provider, message: "\(provider): the call was cancelled".visible(),
            billing: .nothing)
    }
}
