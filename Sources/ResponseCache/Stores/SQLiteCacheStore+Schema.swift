import GRDB

extension SQLiteCacheStore {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 entries") { try $0.execute(sql: schema) }
        migrator.registerMigration("2 departed entries") { database in
            // The greatest ids are the newest.
            try database.execute(
                sql: "CREATE TABLE departed (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, cause TEXT NOT NULL)")
        }
        migrator.registerMigration("3 entries in bytes, as they came") { try $0.execute(sql: thirdSchema) }
        migrator.registerMigration("4 providers and boots by number") { try $0.execute(sql: fourthSchema) }
        migrator.registerMigration("5 sums in the newest entry") { try $0.execute(sql: fifthSchema) }
        return migrator
    }

    /// A write that changes a provider's sums as well takes a page more, a tenth of its time. So the newest entry has what
    /// it and those just before it, of one provider, come to: a run. A provider's row has the rest, and gets the run when
    /// an entry of another provider comes, or when the newest entry goes.
    private static let fifthSchema = """
        DROP TABLE entries;
        UPDATE providers SET entries = 0, bytes = 0;
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT NOT NULL, provider INTEGER NOT NULL,
            model TEXT NOT NULL, boot INTEGER NOT NULL, stored_wall INTEGER NOT NULL,
            stored_since_boot INTEGER NOT NULL, lifetime INTEGER, used_at INTEGER NOT NULL, size INTEGER NOT NULL,
            run_entries INTEGER NOT NULL, run_bytes INTEGER NOT NULL, record BLOB NOT NULL);
        CREATE INDEX entries_frame ON entries(
            number, stored_wall, stored_since_boot, lifetime, boot, provider, used_at, size);
        CREATE VIEW newest AS
            SELECT id, provider, run_entries, run_bytes FROM entries WHERE id = (SELECT max(id) FROM entries);
        CREATE VIEW sizes AS
            SELECT name, entries + coalesce(run_entries, 0) AS entries, bytes + coalesce(run_bytes, 0) AS bytes
            FROM providers LEFT JOIN newest ON newest.provider = providers.id;
        CREATE TRIGGER newest_goes BEFORE DELETE ON entries WHEN old.id = (SELECT max(id) FROM entries) BEGIN
            UPDATE providers SET entries = entries + old.run_entries, bytes = bytes + old.run_bytes
            WHERE id = old.provider;
            UPDATE entries SET run_entries = 0, run_bytes = 0
            WHERE id = (SELECT max(id) FROM entries WHERE id < old.id);
        END;
        CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
            UPDATE providers SET entries = entries - 1, bytes = bytes - old.size WHERE id = old.provider;
        END;
        """

    /// Providers and boots have numbers: their names would take most of the index, of which each write moves a part.
    /// Names are kept once; a provider's row also keeps how much there is of it.
    private static let fourthSchema = """
        DROP TABLE entries;
        DROP TABLE sizes;
        CREATE TABLE boots (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE providers (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, entries INTEGER NOT NULL, bytes INTEGER NOT NULL);
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT NOT NULL, provider INTEGER NOT NULL,
            model TEXT NOT NULL, boot INTEGER NOT NULL, stored_wall INTEGER NOT NULL,
            stored_since_boot INTEGER NOT NULL, lifetime INTEGER, used_at INTEGER NOT NULL, size INTEGER NOT NULL,
            record BLOB NOT NULL);
        CREATE INDEX entries_frame ON entries(
            number, stored_wall, stored_since_boot, lifetime, boot, provider, used_at, size);
        CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN
            UPDATE providers SET entries = entries + 1, bytes = bytes + new.size WHERE id = new.provider;
            DELETE FROM departed WHERE slot = new.number % 16384 AND number = new.number;
        END;
        CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
            UPDATE providers SET entries = entries - 1, bytes = bytes - old.size WHERE id = old.provider;
        END;
        """

    /// What was there was in a form that takes too long to read. Entries follow one another as they come, for one that
    /// has its place among others moves them. The index finds them, and holds all that decides which of them go.
    private static let thirdSchema = """
        DROP TABLE entries;
        DROP TABLE departed;
        DELETE FROM sizes;
        CREATE TABLE departed (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL, cause TEXT NOT NULL);
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, number INTEGER NOT NULL, key TEXT NOT NULL, provider TEXT NOT NULL,
            model TEXT NOT NULL, boot_id TEXT NOT NULL, stored_wall INTEGER NOT NULL,
            stored_since_boot INTEGER NOT NULL, lifetime INTEGER, used_at INTEGER NOT NULL, size INTEGER NOT NULL,
            record BLOB NOT NULL);
        CREATE INDEX entries_frame ON entries(
            number, stored_wall, stored_since_boot, lifetime, boot_id, provider, used_at, size);
        CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN
            INSERT INTO sizes VALUES (new.provider, 1, new.size)
            ON CONFLICT DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
            DELETE FROM departed WHERE slot = new.number % 16384 AND number = new.number;
        END;
        CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
            UPDATE sizes SET entries = entries - 1, bytes = bytes - old.size WHERE provider = old.provider;
        END;
        """

    /// Times are in microseconds. `sizes` is kept by the transactions that change `entries`.
    private static let schema = """
        CREATE TABLE entries (
            key TEXT PRIMARY KEY, prompt TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL,
            boot_id TEXT NOT NULL, stored_wall INTEGER NOT NULL, stored_since_boot INTEGER NOT NULL,
            lifetime INTEGER, used_at INTEGER NOT NULL, size INTEGER NOT NULL, checksum TEXT NOT NULL,
            payload BLOB NOT NULL);
        CREATE INDEX entries_prompt ON entries(prompt);
        CREATE TABLE sizes (provider TEXT PRIMARY KEY, entries INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TRIGGER entry_added AFTER INSERT ON entries BEGIN
            INSERT INTO sizes VALUES (new.provider, 1, new.size)
            ON CONFLICT DO UPDATE SET entries = entries + 1, bytes = bytes + excluded.bytes;
        END;
        CREATE TRIGGER entry_removed AFTER DELETE ON entries BEGIN
            UPDATE sizes SET entries = entries - 1, bytes = bytes - old.size WHERE provider = old.provider;
        END;
        """
}
