import Core
import Foundation

/// How tables write figures.
enum Words {
    /// A stretch of time in microseconds, rounded up: `8 s`, `3 min`, `5 h`, `2 d`.
    static func duration(_ microseconds: Int64) -> String {
        let seconds = max(0, microseconds / 1_000_000 + (microseconds % 1_000_000 > 0 ? 1 : 0))
        switch seconds {
        case ..<100: return "\(seconds) s"
        case ..<6_000: return "\((seconds + 59) / 60) min"
        case ..<172_800: return "\((seconds + 3_599) / 3_600) h"
        default: return "\((seconds + 86_399) / 86_400) d"
        }
    }

    /// `812 B`, `12 KiB`, `38 MiB`.
    static func bytes(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_024: "\(bytes) B"
        case ..<1_048_576: "\(bytes / 1_024) KiB"
        default: "\(bytes / 1_048_576) MiB"
        }
    }

    /// Text on one line, made visible, and cut to a number of characters.
    static func line(_ text: String, atMost count: Int) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").visible()
        return line.count > count ? String(line.prefix(max(0, count - 1))) + "…" : line
    }

    /// A wall time in microseconds as ISO 8601 in UTC, to the second.
    static func time(_ wall: Int64) -> String {
        Date(timeIntervalSince1970: Double(wall / 1_000_000)).formatted(.iso8601)
    }

    /// To a tenth, below 10 to a hundredth.
    static func decimal(_ value: Double) -> String {
        value.formatted(
            .number.precision(.fractionLength(value < 10 ? 2 : 1)).grouping(.never).locale(
                Locale(identifier: "en_US_POSIX")))
    }

    /// `84 ms`, `9.4 s`.
    static func latency(_ milliseconds: Double) -> String {
        milliseconds < 1_000 ? "\(Int(milliseconds.rounded())) ms" : "\(decimal(milliseconds / 1_000)) s"
    }

    /// Why a look-up missed: `new take`.
    static func cause(_ cause: String) -> String {
        cause.isEmpty ? "unknown" : cause.split(separator: "_").joined(separator: " ")
    }

    /// Tables show millionths of a dollar.
    static func dollars(_ money: Money) -> String { money.dollars(decimals: 6) }
}
