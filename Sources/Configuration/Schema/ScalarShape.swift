import Core
import Foundation

/// What a scalar must look like, and how it is read.
enum ScalarShape: Hashable, Sendable {
    case text
    /// A text that is never shown.
    case secret
    /// Where a server is reached: http or https, and nothing in it that could be a secret.
    case address
    case choice([String])
    case flag
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    /// Dollars, exact.
    case money
    /// `HH:MM` on a quarter of an hour, read as minutes after midnight.
    case clock
    /// `local`, or the name of a time zone.
    case zone

    /// A time-out.
    static let seconds = ScalarShape.number(0.001...86_400)

    /// Why a scalar cannot be used.
    struct Misfit: Error {
        /// The variable that is not set, when that is the reason.
        var unset: String?
        var message: String
    }

    /// What is expected, in words.
    var expected: String {
        switch self {
        case .text, .secret: "a text"
        case .address: "an address like https://api.openai.com/v1, without user, password, query or fragment"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .flag: "true or false"
        case .whole(let range) where range.upperBound == Int.max: "a whole number from \(range.lowerBound) on"
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
        case .money: "an amount of dollars like 0.00002, not negative and in whole pico-dollars"
        case .clock: "a time of day on a quarter of an hour, like \"06:30\""
        case .zone: "local, or a time zone like Europe/Amsterdam"
        }
    }

    /// Reads a scalar with its variables. What is secret, or came from a variable, is in no message.
    func read(_ scalar: Scalar, in environment: [String: String]) throws(Misfit) -> Value {
        var expanded = scalar
        var variable: String?
        do {
            let expansion = try Expansion(scalar.text)
            variable = expansion.variables.first
            expanded.text = try expansion.text(in: environment)
        } catch {
            if case .unset(let name) = error { throw Misfit(unset: name, message: error.message) }
            throw Misfit(message: error.message)
        }
        if variable != nil { expanded.isPlain = ![.text, .secret].contains(self) }
        if let value = value(of: expanded) { return value }
        let isHidden = self == .secret || self == .address
        let found = variable.map { "the value of \($0)" } ?? (isHidden ? nil : Self.describe(scalar))
        throw Misfit(message: "\(found.map { "found \($0), " } ?? "")expected \(expected)")
    }

    private func value(of scalar: Scalar) -> Value? {
        let text = scalar.text
        return switch self {
        case .text, .secret: scalar.isPlain && YAMLScalar.isNull(text) ? nil : .text(text)
        case .address: Self.isAddress(text) ? .text(text) : nil
        case .choice(let words): words.contains(text) ? .text(text) : nil
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

    private static func isAddress(_ text: String) -> Bool {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased()) else { return false }
        return url.host()?.isEmpty == false && url.user() == nil && url.password() == nil && url.query() == nil
            && url.fragment() == nil
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
