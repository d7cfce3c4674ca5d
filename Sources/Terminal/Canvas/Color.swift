import Foundation

/// A colour of 24 bits in sRGB.
public struct Color: Hashable, Sendable {
    public let red: UInt8
    public let green: UInt8
    public let blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads `#rrggbb` (or `#rgb`); nil for anything else.
    public init?(hex: String) {
        guard hex.first == "#", hex.utf8.count == 7 || hex.utf8.count == 4 else { return nil }
        let digits = hex.dropFirst().compactMap(\.hexDigitValue)
        guard digits.count == hex.utf8.count - 1 else { return nil }
        let parts =
            digits.count == 3
            ? digits.map { $0 * 17 } : stride(from: 0, to: 6, by: 2).map { digits[$0] * 16 + digits[$0 + 1] }
        self.init(red: UInt8(parts[0]), green: UInt8(parts[1]), blue: UInt8(parts[2]))
    }

    /// The WCAG contrast ratio of two colours, from 1 (the same) to 21 (black and white).
    public static func contrast(_ one: Color, _ other: Color) -> Double {
        let (a, b) = (one.luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    /// The colour that lies at `fraction` (0 to 1) of the way to another, in a space where equal steps look equal.
    public func mixed(with other: Color, fraction: Double) -> Color {
        let share = min(1, max(0, fraction))
        let (a, b) = (OKLab(self), OKLab(other))
        return OKLab(
            lightness: a.lightness + (b.lightness - a.lightness) * share,
            a: a.a + (b.a - a.a) * share,
            b: a.b + (b.b - a.b) * share
        ).color
    }

    private var luminance: Double {
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}

/// A colour in the OKLab space (Björn Ottosson, 2020), in which distance follows what eyes see.
struct OKLab {
    var lightness: Double
    var a: Double
    var b: Double

    init(lightness: Double, a: Double, b: Double) {
        self.lightness = lightness
        self.a = a
        self.b = b
    }

    init(_ color: Color) {
        let (red, green, blue) = (linear(color.red), linear(color.green), linear(color.blue))
        let l = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let m = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let s = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
        a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
        b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    }

    var color: Color {
        let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
        let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
        let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
        return Color(
            red: encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            green: encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            blue: encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s))
    }

    func squaredDistance(to other: OKLab) -> Double {
        let (dl, da, db) = (lightness - other.lightness, a - other.a, b - other.b)
        return dl * dl + da * da + db * db
    }
}

private func cube(_ value: Double) -> Double { value * value * value }

private func linear(_ channel: UInt8) -> Double { linearValues[Int(channel)] }

/// sRGB's light for each value of a channel (IEC 61966-2-1), worked out once.
private let linearValues: [Double] = (0...255).map { channel in
    let value = Double(channel) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
}

private func encoded(_ linear: Double) -> UInt8 {
    let value = linear <= 0.0031308 ? linear * 12.92 : 1.055 * pow(linear, 1 / 2.4) - 0.055
    return UInt8((min(1, max(0, value)) * 255).rounded())
}
