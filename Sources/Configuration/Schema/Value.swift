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
struct Scalar: Hashable, Sendable {
    var text: String
    var isPlain = true
}
