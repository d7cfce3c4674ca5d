import GRDB

/// The tables of ledger.db. Money is in pico-dollars, times are wall times in microseconds since 1970.
enum LedgerSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 sessions, attempts, ledger, buckets, journal") { database in
            try database.execute(sql: first)
        }
        migrator.registerMigration("2 usage by provider, model, role and loop") { database in
            try database.execute(sql: usage)
        }
        migrator.registerMigration("2 limit changes that end with a session") { database in
            // The session that the change ends with; empty for the one that begins next, null where `until` decides.
            try database.execute(sql: "ALTER TABLE limit_changes ADD COLUMN session TEXT")
        }
        migrator.registerMigration("told budget alerts") { database in try database.execute(sql: toldAlerts) }
        migrator.registerMigration("daily sums of old rows") { database in try database.execute(sql: dailySums) }
        migrator.registerMigration("ends that shared limits do not know yet") { database in
            try database.execute(sql: sharedLimits)
        }
        migrator.registerMigration("what resumes a run") { database in try database.execute(sql: resuming) }
        migrator.registerMigration("what was said to runs") { database in try database.execute(sql: steering) }
        migrator.registerMigration("what can be undone") { database in try database.execute(sql: undoing) }
        migrator.registerMigration("runs that stand still") { database in
            try database.execute(sql: "ALTER TABLE runs ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0")
        }
        return migrator
    }

    private static let sharedLimits = """
        -- Whether the attempt took room at limits that machines share.
        ALTER TABLE attempts ADD COLUMN is_shared INTEGER NOT NULL DEFAULT 0;
        -- Ends of such attempts that their server has not acknowledged; without a cost where no call was made.
        CREATE TABLE untold_ends (
            attempt TEXT PRIMARY KEY, reserved_at INTEGER NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
            role TEXT NOT NULL, cost INTEGER) WITHOUT ROWID;
        """

    private static let resuming = """
        -- The order as JSON with all that was left open in it decided, and the index of the step under way.
        ALTER TABLE runs ADD COLUMN work TEXT;
        ALTER TABLE runs ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
        """

    private static let first = """
        CREATE TABLE sessions (
            id TEXT PRIMARY KEY, pid INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER);
        CREATE TABLE runs (
            id TEXT PRIMARY KEY, session TEXT NOT NULL, loop TEXT NOT NULL, brief TEXT NOT NULL, seed TEXT,
            step TEXT, state TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER);
        CREATE INDEX runs_session ON runs(session, started_at);

        -- One row per provider call that is reserved and not yet settled, at its worst case.
        CREATE TABLE attempts (
            id TEXT PRIMARY KEY, request TEXT NOT NULL, session TEXT NOT NULL, run TEXT NOT NULL,
            loop TEXT NOT NULL, step TEXT NOT NULL, role TEXT NOT NULL, provider TEXT NOT NULL,
            model TEXT NOT NULL, lookup TEXT NOT NULL, miss_cause TEXT, reserved_at INTEGER NOT NULL,
            worst_input INTEGER NOT NULL, worst_output INTEGER NOT NULL, worst_cost INTEGER,
            estimated_input INTEGER NOT NULL, estimated_output INTEGER NOT NULL);

        -- One row per settled attempt, and one per answer that came without one.
        CREATE TABLE ledger (
            id INTEGER PRIMARY KEY, attempt TEXT UNIQUE, request TEXT NOT NULL, session TEXT NOT NULL,
            run TEXT NOT NULL, loop TEXT NOT NULL, step TEXT NOT NULL, role TEXT NOT NULL,
            provider TEXT NOT NULL, model TEXT NOT NULL, source TEXT NOT NULL, lookup TEXT NOT NULL,
            miss_cause TEXT, reserved_at INTEGER NOT NULL, settled_at INTEGER NOT NULL,
            latency_ms INTEGER NOT NULL, outcome TEXT NOT NULL, input_tokens INTEGER NOT NULL,
            cached_input_tokens INTEGER NOT NULL, cache_write_tokens INTEGER NOT NULL,
            cache_write_hour_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
            reasoning_tokens INTEGER NOT NULL, images INTEGER NOT NULL, characters INTEGER NOT NULL,
            cost INTEGER, is_estimated INTEGER NOT NULL, saved_cost INTEGER NOT NULL,
            saved_tokens INTEGER NOT NULL);
        -- Both hold all that the panes sum up, so that no row of the table itself is read for that.
        CREATE INDEX ledger_time ON ledger(settled_at, cost);
        CREATE INDEX ledger_session ON ledger(session, role, lookup, miss_cause, cost, saved_cost, saved_tokens);

        -- Running sums of `ledger`, kept in the transactions that add to it: dollars by quarter of an hour …
        CREATE TABLE spending (
            scope TEXT NOT NULL, name TEXT NOT NULL, quarter INTEGER NOT NULL, cost INTEGER NOT NULL,
            PRIMARY KEY (scope, name, quarter)) WITHOUT ROWID;
        -- … look-ups by quarter of an hour …
        CREATE TABLE tallies (
            quarter INTEGER NOT NULL, lookup TEXT NOT NULL, count INTEGER NOT NULL, saved_cost INTEGER NOT NULL,
            saved_tokens INTEGER NOT NULL, PRIMARY KEY (quarter, lookup)) WITHOUT ROWID;
        -- … and look-ups of all time.
        CREATE TABLE totals (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE buckets (
            scope TEXT NOT NULL, name TEXT NOT NULL, metric TEXT NOT NULL, period TEXT NOT NULL,
            level INTEGER NOT NULL, capacity INTEGER NOT NULL, boot_id TEXT NOT NULL,
            since_boot INTEGER NOT NULL, wall INTEGER NOT NULL,
            PRIMARY KEY (scope, name, metric, period)) WITHOUT ROWID;

        -- Limits that hold for a while in place of the configuration's.
        CREATE TABLE limit_changes (
            scope TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, value INTEGER NOT NULL, until INTEGER NOT NULL,
            made_at INTEGER NOT NULL, made_by TEXT NOT NULL, PRIMARY KEY (scope, name, key)) WITHOUT ROWID;

        CREATE TABLE journal (
            id INTEGER PRIMARY KEY, session TEXT NOT NULL, wall INTEGER NOT NULL, since_boot INTEGER NOT NULL,
            event TEXT NOT NULL);
        CREATE INDEX journal_session ON journal(session, id);
        """

    /// `usage` holds what the tables did that it takes the place of, and tells apart by whom and why.
    private static let usage = """
        -- Running sums of `ledger`, kept in the transactions that add to it. A span is a quarter of an hour as its number
        -- since 1970, a session as its id, or 'all'.
        CREATE TABLE usage (
            span NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, role TEXT NOT NULL, loop TEXT NOT NULL,
            lookup TEXT NOT NULL, cause TEXT NOT NULL, count INTEGER NOT NULL, unpriced INTEGER NOT NULL,
            input_tokens INTEGER NOT NULL, cached_input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
            cost INTEGER NOT NULL, estimated_cost INTEGER NOT NULL, saved_cost INTEGER NOT NULL,
            saved_tokens INTEGER NOT NULL,
            PRIMARY KEY (span, provider, model, role, loop, lookup, cause)) WITHOUT ROWID;
        INSERT INTO usage SELECT span, provider, model, role, loop, lookup, coalesce(miss_cause, ''), count(*),
            sum(cost IS NULL),
            sum((input_tokens + cache_write_tokens + cache_write_hour_tokens) * (source = 'provider')),
            sum(cached_input_tokens * (source = 'provider')), sum(output_tokens * (source = 'provider')),
            coalesce(sum(cost), 0), coalesce(sum(cost * is_estimated), 0), sum(saved_cost), sum(saved_tokens)
            FROM (SELECT reserved_at / 900000000 AS span, * FROM ledger UNION ALL SELECT session, * FROM ledger
                UNION ALL SELECT 'all', * FROM ledger)
            GROUP BY 1, 2, 3, 4, 5, 6, 7;
        DROP TABLE tallies;
        DROP TABLE totals;
        DROP INDEX ledger_session;
        """
}
