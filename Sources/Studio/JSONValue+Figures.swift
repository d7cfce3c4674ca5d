package import Core
import Foundation

extension JSONValue {
    /// A fraction to at most four places, without trailing zeros; null for nil.
    init(fraction: Double?) {
        guard let fraction, fraction.isFinite else {
            self = .null
            return
        }
        let rounded = (fraction * 10_000).rounded() / 10_000
        if let whole = Int(exactly: rounded) {
            self = JSONValue(whole)
        } else {
            self = .number(JSONNumber(rounded))
        }
    }

    /// A wall time in microseconds as ISO 8601 in UTC, to the millisecond; null for nil.
    package init(time: Int64?) {
        guard let time else {
            self = .null
            return
        }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        self = .string(Date(timeIntervalSince1970: Double(time / 1_000) / 1_000).formatted(style))
    }
}
