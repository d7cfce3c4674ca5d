/// How the connection to Redis stands.
package struct RedisHealth: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// Nobody has asked anything yet, or the first answer is still to come.
        case connecting
        case connected
        /// Since a wall time in microseconds.
        case away(since: Int64, RedisError)
    }

    package var state = State.connecting
    /// `127.0.0.1:6379`.
    package var place: String
    /// How long the last answer took.
    package var latencyMicroseconds: Int64?
}
