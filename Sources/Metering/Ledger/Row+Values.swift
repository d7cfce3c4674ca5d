import GRDB

/// Reading what a damaged file may hold: GRDB's own subscripts trap where a value is not of its column's type.
extension Row {
    /// A column's value. Throws as for a damaged file when there is none, or one of another type.
    func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        try Self.known(valueIfAny(column))
    }

    /// The same, by the column's place, from 0.
    func value<Value: DatabaseValueConvertible>(at index: Int) throws -> Value { try Self.known(valueIfAny(at: index)) }

    /// A column's value, or nil for NULL. Throws as for a damaged file when it is of another type.
    func valueIfAny<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        try Self.value(of: self[column])
    }

    /// The same, by the column's place, from 0.
    func valueIfAny<Value: DatabaseValueConvertible>(at index: Int) throws -> Value? {
        try Self.value(of: self[index])
    }

    /// A column's count. Throws as for a damaged file when it is below 0, or so large that sums of it would overflow.
    func count(at index: Int) throws -> Int {
        let count: Int = try value(at: index)
        return try Self.known((0...1 << 50).contains(count) ? count : nil)
    }

    private static func value<Value: DatabaseValueConvertible>(of stored: DatabaseValue) throws -> Value? {
        stored.isNull ? nil : try known(Value.fromDatabaseValue(stored))
    }

    private static func known<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a value is not of its column's type")
        }
        return value
    }
}
