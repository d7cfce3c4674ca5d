import Foundation

/// Python's diskcache on keys and values of the same kind, where the machine has it (`pip install diskcache`).
enum Diskcache {
    private static let script = """
        import hashlib, sys, time, statistics
        from diskcache import Cache
        cache = Cache(sys.argv[1], size_limit=1 << 34)
        value = b"x" * 2300
        keys = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(102000)]
        for number in range(100000): cache.set(keys[number], value, expire=86400)
        def median(count, each, work):
            times = []
            for round in range(count):
                start = time.perf_counter()
                for step in range(each): work(round * each + step)
                times.append((time.perf_counter() - start) / each * 1e6)
            return statistics.median(times)
        print(median(60, 100, lambda n: cache.get(keys[n * 7919 % 100000])))
        print(median(60, 20, lambda n: cache.set(keys[100000 + n], value, expire=86400)))
        """

    /// Compares a hit and a write at 100,000 entries, in microseconds, with diskcache's; nothing where there is none.
    static func compare(hit: Double, write: Double, folder: String) throws -> [Figure] {
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, folder]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let figures = text.split(separator: "\n").compactMap { Double($0) }
        guard figures.count == 2 else {
            print("– diskcache is not there: pip install diskcache")
            return []
        }
        return [
            Figure(
                name: "hit beside diskcache", value: hit / figures[0], bound: 1,
                details: String(format: "diskcache %.1f µs, hit %.1f µs, 100,000 entries", figures[0], hit)),
            Figure(
                name: "write beside diskcache", value: write / figures[1], bound: 0.5,
                details: String(format: "diskcache %.1f µs, write %.1f µs, 100,000 entries", figures[1], write)),
        ]
    }
}
