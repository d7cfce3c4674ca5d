extension LedgerSchema {
    /// Which shares of budgets somebody was told of.
    static let toldAlerts = """
        CREATE TABLE told_alerts (
            scope TEXT NOT NULL, name TEXT NOT NULL, period TEXT NOT NULL, resets_at INTEGER NOT NULL,
            threshold REAL NOT NULL, PRIMARY KEY (scope, name, period, resets_at, threshold)) WITHOUT ROWID;
        """

    /// What rows of `ledger` came to that `costs.keep_rows_days` has no longer kept.
    static let dailySums = """
        -- Sums of what were rows, by everything that reports tell apart. `reserved_at` is the middle of the day. An
        -- amount of money is millions of pico-dollars and a rest, as whole sums may be beyond 64 bits.
        CREATE TABLE daily_sums (
            id INTEGER PRIMARY KEY, reserved_at INTEGER NOT NULL, loop TEXT NOT NULL, role TEXT NOT NULL,
            provider TEXT NOT NULL, model TEXT NOT NULL, source TEXT NOT NULL, lookup TEXT NOT NULL,
            miss_cause TEXT NOT NULL, outcome TEXT NOT NULL, is_estimated INTEGER NOT NULL, is_priced INTEGER NOT NULL,
            rows INTEGER NOT NULL, requests INTEGER NOT NULL, latency_ms INTEGER NOT NULL,
            input_tokens INTEGER NOT NULL, cached_input_tokens INTEGER NOT NULL, cache_write_tokens INTEGER NOT NULL,
            cache_write_hour_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
            reasoning_tokens INTEGER NOT NULL, images INTEGER NOT NULL, characters INTEGER NOT NULL,
            cost_millions INTEGER NOT NULL, cost_rest INTEGER NOT NULL, saved_millions INTEGER NOT NULL,
            saved_rest INTEGER NOT NULL, saved_tokens INTEGER NOT NULL,
            UNIQUE (reserved_at, loop, role, provider, model, source, lookup, miss_cause, outcome, is_estimated,
                is_priced));
        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        -- By it the rows of old requests are found.
        CREATE INDEX ledger_request ON ledger(session, request);
        """

    /// What steers runs.
    static let steering = """
        -- What a process asks of the session of another; `outcome` is null until that has taken it, empty when it does
        -- it, else why not.
        CREATE TABLE controls (
            id INTEGER PRIMARY KEY, session TEXT NOT NULL, word TEXT NOT NULL, asked_by TEXT NOT NULL,
            asked_at INTEGER NOT NULL, outcome TEXT);
        -- What a run was told that its prompts or its course depend on, so that it is the same when it goes on later: a
        -- `note` for the step at a position, null as long as no step has begun that reads it, not before the step that
        -- `about` counts; a `redo` of the step at a
        -- position; the `answer` to a question, which `about` names.
        CREATE TABLE run_words (
            id INTEGER PRIMARY KEY, run TEXT NOT NULL, kind TEXT NOT NULL, position INTEGER, about TEXT NOT NULL,
            text TEXT NOT NULL);
        CREATE INDEX run_words_run ON run_words(run);
        """

    /// Provider switches and changes of limits that can be taken back, the newest first; `before` is JSON.
    static let undoing = """
        CREATE TABLE undoable (id INTEGER PRIMARY KEY, words TEXT NOT NULL, before TEXT NOT NULL);
        """
}
