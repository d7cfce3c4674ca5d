import Core

/// Why Redis could not be asked. The message names the server and the remedy, and never a password.
package struct RedisError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// It cannot be reached, or it did not answer in time.
        case away
        /// It does not let the user in, or the user may not do that.
        case notPermitted
        /// Its memory is full, and it may not make room.
        case full
        /// It answered something that this program does not understand.
        case misunderstood
        /// The connection was closed by this program.
        case closed
    }

    package var code: Code
    /// `127.0.0.1:6379`.
    package var place: String
    /// What the system or the server said, in few words.
    package var cause: String

    package var description: String {
        let place = "Redis at \(place.visible())"
        return switch code {
        case .away: "\(place) is away (\(cause.visible())); start it, or check state.redis.host and port"
        case .notPermitted:
            "\(place) does not permit it (\(cause.visible())); check state.redis.username and password, and what the "
                + "user may do"
        case .full: "\(place) is out of memory (\(cause.visible())); raise its maxmemory, or free some"
        case .misunderstood:
            "\(place) answered what cannot be understood (\(cause.visible())); check that state.redis names a Redis 7 "
                + "or Valkey"
        case .closed: "\(place) is not connected any more"
        }
    }
}

extension RedisError {
    /// What an error of the server means, from its first word.
    init(word: String, place: String) {
        let code: Code =
            switch word {
            case "NOAUTH", "WRONGPASS", "NOPERM": .notPermitted
            case "OOM": .full
            case "LOADING", "MASTERDOWN", "READONLY", "CLUSTERDOWN", "BUSY", "MISCONF", "UNKILLABLE": .away
            default: .misunderstood
            }
        self.init(code: code, place: place, cause: word)
    }
}
