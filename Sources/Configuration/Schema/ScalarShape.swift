import Core
import Foundation

/// What a scalar must look like, and how it is read.
enum ScalarShape: Hashable, Sendable {
    case text
    /// A text that is never shown.
    case secret
    /// One of these words; those of `later` are known, but not available yet.
    case choice([String], later: [String] = [])
    case flag
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// Dollars, exact.
    case money
    /// `HH:MM` on a quarter of an hour, read as minutes after midnight.
    case clock
    /// `local`, or the name of a time zone.
    case zone

    static let seconds = ScalarShape.number(0.001...86_400)

    /// Why a scalar does not fit.
    struct Mismatch: Error {
        /// What is there instead; nil when a secret must not be shown.
        var found: String?
        var expected: String
    }

    /// What is expected, in words.
    var expected: String {
        switch self {
        case .text, .secret: "a text"
        case .choice(let words, let later): "one of " + (words + later).joined(separator: ", ")
        case .flag: "true or false"
        case .whole(let range) where range.upperBound == Int.max: "a whole number from \(range.lowerBound) on"
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
        case .money: "an amount of dollars like 0.00002, not negative and in whole pico-dollars"
        case .clock: "a time of day on a quarter of an hour, like \"06:30\""
        case .zone: "local, or a time zone like Europe/Amsterdam"
        }
    }

    /// Reads a scalar whose variables are expanded.
    func read(_ scalar: Scalar) throws(Mismatch) -> Value {
        guard let value = value(of: scalar) else {
            let found = self == .secret ? nil : Self.describe(scalar)
            throw Mismatch(found: found, expected: expected)
        }
        return value
    }

    private func value(of scalar: Scalar) -> Value? {
        let text = scalar.text
        return switch self {
        case .text, .secret: scalar.isPlain && YAMLScalar.isNull(text) ? nil : .text(text)
        case .choice(let words, let later): (words + later).contains(text) ? .text(text) : nil
        case .flag: scalar.isPlain ? YAMLScalar.flag(text).map(Value.flag) : nil
        case .whole(let range):
            scalar.isPlain ? YAMLScalar.whole(text).flatMap { range.contains($0) ? .whole($0) : nil } : nil
        case .number(let range):
            scalar.isPlain ? YAMLScalar.number(text).flatMap { range.contains($0) ? .number($0) : nil } : nil
        case .money: (try? Money(dollars: text)).flatMap { $0 < .zero ? nil : .money($0) }
        case .clock: Self.minutes(text).map(Value.whole)
        case .zone: text == "local" || TimeZone(identifier: text) != nil ? .text(text) : nil
        }
    }

    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isWholeNumber) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60, minute % 15 == 0
        else { return nil }
        return hour * 60 + minute
    }

    private static func short(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }

    /// What is written, in few words.
    static func describe(_ scalar: Scalar) -> String {
        if scalar.isPlain, YAMLScalar.isNull(scalar.text) { return "nothing" }
        let text = scalar.text.count > 60 ? scalar.text.prefix(60) + "…" : scalar.text[...]
        return scalar.isPlain ? String(text).visible() : "the text \"\(text.visible())\""
    }
}
