import Core

/// A checked value of the configuration.
enum Value: Hashable, Sendable {
    case text(String)
    case flag(Bool)
    case whole(Int)
    case number(Double)
    case money(Money)
    case list([Value])
}

/// A scalar as it is written: a plain one may be any type, a quoted one is text.
package struct Scalar: Hashable, Sendable {
    package var text: String
    package var isPlain = true
}
