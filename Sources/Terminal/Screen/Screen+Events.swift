import CNcurses
import Glibc

extension Screen {
    /// Waits for the next event: signals first, then keys, then ``InputEvent/wake``.
    ///
    /// - Parameter timeoutMilliseconds: How long to wait; nil waits as long as it takes, 0 not at all.
    /// - Returns: nil when the time is over.
    public func nextEvent(timeoutMilliseconds: Int? = nil) -> InputEvent? {
        let deadline = timeoutMilliseconds.map { ContinuousClock.now + .milliseconds(max(0, $0)) }
        while ready.isEmpty {
            let left = deadline.map { max(0, Int(($0 - .now) / .milliseconds(1))) }
            if collect(waitingMilliseconds: left) { continue }
            if left == 0 { return nil }
        }
        return ready.removeFirst()
    }

    /// Waits once and puts what came into `ready`; returns false when nothing happened in that time.
    private func collect(waitingMilliseconds left: Int?) -> Bool {
        // A paste whose end was lost must not swallow keys for ever.
        let pasteLimit = decoder.isPasting ? 1000 : nil
        let limit = mayHaveMoreInput ? 0 : [left, pasteLimit].compactMap { $0 }.min()
        var sources = [
            pollfd(fd: signalPipe.reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isHungUp ? -1 : options.input, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakePipe.reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waiting == nil ? -1 : options.output, events: Int16(POLLOUT), revents: 0),
        ]
        let count = poll(&sources, nfds_t(sources.count), limit.map { Int32(clamping: $0) } ?? -1)
        if sources[0].revents != 0 { takeSignals() }
        if sources[1].revents != 0 || mayHaveMoreInput { takeInput(sources[1].revents) }
        if sources[2].revents != 0, !wakePipe.drain().isEmpty { ready.append(.wake) }
        if sources[3].revents != 0 { drawWaiting() }
        if count == 0, limit == pasteLimit, let paste = decoder.endPaste() { ready.append(paste) }
        return count != 0
    }

    private func takeSignals() {
        let numbers = Set(signalPipe.drain().map(Int32.init))
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] where numbers.contains(number) {
            ready.append(.signal(number))
        }
        if numbers.contains(SIGTSTP) {
            suspend()
            ready.append(.suspendResumed)
        } else if numbers.contains(SIGCONT) {
            takeBack()
            ready.append(.suspendResumed)
        }
        if numbers.contains(SIGWINCH) {
            measure()
            enqueueResize()
        }
    }

    func enqueueResize() {
        ready.removeAll { if case .resize = $0 { true } else { false } }
        ready.append(.resize(size))
        // The terminal may have moved or cut what it showed.
        clearok(cn_curscr(), true)
    }

    private func takeInput(_ found: Int16) {
        mayHaveMoreInput = true
        for _ in 0..<mostInputsAtOnce where mayHaveMoreInput {
            let input = readInput()
            ready += decoder.take(input)
            mayHaveMoreInput = input != .pause
        }
        // Before that, whatever was typed is read.
        let lost = Int16(POLLHUP) | Int16(POLLERR) | Int16(POLLNVAL)
        if found & lost != 0, !mayHaveMoreInput {
            isHungUp = true
            ready.append(.signal(SIGHUP))
        }
    }

    private func readInput() -> KeyDecoder.Input {
        var code: wint_t = 0
        switch wget_wch(keyWindow, &code) {
        case OK: return Unicode.Scalar(code).map { .scalar($0) } ?? .pause
        case KEY_CODE_YES: return .function(Int32(bitPattern: code))
        default: return .pause
        }
    }
}

/// So many that no paste is slow, so few that a frame is never late.
private let mostInputsAtOnce = 4096
