import Core
import Foundation

/// A type that a setting can have.
protocol SettingValue: Sendable {
    static func reading(_ value: Value) -> Self?
    /// The setting as YAML writes it.
    var yaml: String { get }
}

extension String: SettingValue {
    static func reading(_ value: Value) -> String? { if case .text(let text) = value { text } else { nil } }
    var yaml: String { YAMLText.scalar(self) }
}

extension Secret: SettingValue {
    static func reading(_ value: Value) -> Secret? { String.reading(value).map { Secret($0) } }
    var yaml: String { description }
}

extension Bool: SettingValue {
    static func reading(_ value: Value) -> Bool? { if case .flag(let flag) = value { flag } else { nil } }
    var yaml: String { description }
}

extension Int: SettingValue {
    static func reading(_ value: Value) -> Int? { if case .whole(let number) = value { number } else { nil } }
    var yaml: String { description }
}

extension UInt64: SettingValue {
    static func reading(_ value: Value) -> UInt64? { Int.reading(value).flatMap(UInt64.init(exactly:)) }
    var yaml: String { description }
}

extension Double: SettingValue {
    static func reading(_ value: Value) -> Double? { if case .number(let number) = value { number } else { nil } }
    var yaml: String { Int(exactly: self).map(String.init) ?? description }
}

extension Money: SettingValue {
    static func reading(_ value: Value) -> Money? { if case .money(let money) = value { money } else { nil } }
    var yaml: String { dollars }
}

extension Array: SettingValue where Element: SettingValue {
    static func reading(_ value: Value) -> [Element]? {
        guard case .list(let values) = value else { return nil }
        let elements = values.compactMap(Element.reading)
        return elements.count == values.count ? elements : nil
    }
    var yaml: String { "[" + map(\.yaml).joined(separator: ", ") + "]" }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    static func reading(_ value: Value) -> Wrapped?? { Wrapped.reading(value).map(Optional.some) }
    var yaml: String { self?.yaml ?? "" }
}

extension TimeZone: SettingValue {
    static func reading(_ value: Value) -> TimeZone? {
        guard case .text(let name) = value else { return nil }
        return name == "local" ? .current : TimeZone(identifier: name)
    }
    var yaml: String { identifier }
}

extension SettingValue where Self: RawRepresentable<String> {
    static func reading(_ value: Value) -> Self? { String.reading(value).flatMap(Self.init(rawValue:)) }
    var yaml: String { rawValue }
}

extension CachingSettings.Backend: SettingValue {}
extension RateLimitSettings.OnLimit: SettingValue {}
extension StateSettings.Backend: SettingValue {}
extension DashboardSettings.When: SettingValue {}
