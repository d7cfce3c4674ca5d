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
        return migrator
    }

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
