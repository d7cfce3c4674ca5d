import Foundation
public import Glibc

/// A terminal of a test's own: what a screen writes can be read, keys can be pressed.
public final class PseudoTerminal {
    private var master: Int32
    public let slave: Int32
    /// Where a program opens it.
    public let path: String

    public init(width: Int = 80, height: Int = 24) throws {
        master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
        var (locked, number): (Int32, Int32) = (0, -1)
        // The requests of unlockpt and ptsname, which Swift does not see.
        guard ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw POSIXError(.ENOTTY)
        }
        path = "/dev/pts/\(number)"
        slave = Glibc.open(path, O_RDWR | O_NOCTTY)
        guard slave >= 0 else { throw POSIXError(.ENOTTY) }
        resize(width: width, height: height)
    }

    deinit {
        hangUp()
        close(slave)
    }

    /// Takes the terminal away from whoever uses it.
    public func hangUp() {
        if master >= 0 { close(master) }
        master = -1
    }

    public func resize(width: Int, height: Int) {
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    }

    public func type(_ text: String) { _ = type(Array(text.utf8)[...]) }

    /// Types as much as the terminal takes at once; returns how many bytes.
    public func type(_ bytes: ArraySlice<UInt8>) -> Int {
        max(0, bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) })
    }

    /// What was written since the last time.
    public func output() -> String { String(decoding: outputBytes(), as: UTF8.self) }

    /// What was written since the last time, which may end in the middle of a letter.
    public func outputBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(master, &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
        return bytes
    }

    /// Waits until something has been written that was not read yet; returns whether there is something.
    public func waitForOutput(milliseconds: Int) -> Bool {
        var readiness = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        return poll(&readiness, 1, Int32(milliseconds)) > 0
    }

    /// Writes until nothing more fits, as behind a terminal that stands still.
    public func clog() {
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

    public var echoes: Bool { modes.c_lflag & tcflag_t(ECHO) != 0 }

    /// How the kernel treats what goes through.
    public var modes: termios {
        var modes = termios()
        tcgetattr(slave, &modes)
        return modes
    }
}
