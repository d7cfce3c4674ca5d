import Glibc
import Testing

@testable import Terminal

/// A terminal of a test's own: what a screen writes can be read, keys can be pressed.
final class PseudoTerminal {
    private(set) var master: Int32
    let slave: Int32

    init(width: Int = 80, height: Int = 24) throws {
        master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
        var (locked, number): (Int32, Int32) = (0, -1)
        // The requests of unlockpt and ptsname, which Swift does not see.
        try #require(ioctl(master, 0x4004_5431, &locked) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
        slave = Glibc.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        resize(width: width, height: height)
    }

    deinit {
        hangUp()
        close(slave)
    }

    /// Takes the terminal away from whoever uses it.
    func hangUp() {
        if master >= 0 { close(master) }
        master = -1
    }

    var options: Screen.Options {
        var options = Screen.Options()
        (options.input, options.output) = (slave, slave)
        (options.type, options.usesColor) = ("xterm-256color", true)
        options.behaviour.glyphs = .unicode
        return options
    }

    func resize(width: Int, height: Int) {
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// What was written since the last time.
    func output() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(master, &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes until nothing more fits, as behind a terminal that stands still.
    func clog() {
        let flags = fcntl(slave, F_GETFL)
        _ = fcntl(slave, F_SETFL, flags | O_NONBLOCK)
        let bytes = [UInt8](repeating: 0x2E, count: 1024)
        // The kernel moves what is written in its own time, and so makes room again.
        var room = pollfd(fd: slave, events: Int16(POLLOUT), revents: 0)
        repeat {
            while write(slave, bytes, bytes.count) > 0 {}
            while write(slave, bytes, 1) > 0 {}
        } while poll(&room, 1, 100) > 0
        _ = fcntl(slave, F_SETFL, flags)
    }

    var echoes: Bool {
        var modes = termios()
        tcgetattr(slave, &modes)
        return modes.c_lflag & tcflag_t(ECHO) != 0
    }
}
