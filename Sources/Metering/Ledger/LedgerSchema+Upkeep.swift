extension LedgerSchema {
    /// Which shares of budgets somebody was told of.
    static let toldAlerts = """
        CREATE TABLE told_alerts (
            scope TEXT NOT NULL, name TEXT NOT NULL, period TEXT NOT NULL, resets_at INTEGER NOT NULL,
            threshold REAL NOT NULL, PRIMARY KEY (scope, name, period, resets_at, threshold)) WITHOUT ROWID;
        """
}
