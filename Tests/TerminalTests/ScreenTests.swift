import Glibc
import TestKit
import Testing

@testable import Terminal

/// ncurses and signal handlers belong to the whole process: one screen after the other.
@Suite(.serialized) struct ScreenTests {
    private let theme = Theme.builtIn("foundry") ?? Theme()

    private func canvas(_ screen: Screen, _ text: String) -> Canvas {
        var canvas = Canvas(size: screen.size, style: screen.theme.text, glyphs: screen.glyphs)
        canvas.put(text, x: 0, y: 0, style: .plain)
        return canvas
    }

    private func withScreen(
        _ terminal: PseudoTerminal, options: Screen.Options? = nil, _ body: (Screen) throws -> Void
    ) throws {
        let screen = try Screen.open(theme: theme, options: options ?? terminal.options)
        defer { screen.close() }
        try body(screen)
    }

    @Test func terminalIsTakenOverAndGivenBack() throws {
        let terminal = try PseudoTerminal()
        #expect(terminal.echoes)
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "lantern"))
            #expect(!terminal.echoes)
            let output = terminal.output()
            for mark in ["\u{1B}[?1049h", "\u{1B}[?25l", "\u{1B}[?2004h", "lantern"] { #expect(output.contains(mark)) }
        }
        let output = terminal.output()
        for mark in ["\u{1B}[?1049l", "\u{1B}[?25h", "\u{1B}[?2004l"] { #expect(output.contains(mark)) }
        #expect(terminal.echoes)
    }

    @Test func textIsCopiedEncodedSoThatItSteersNothing() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "lantern"))
            _ = terminal.output()
            screen.copy("a \u{1B}[31m\nfog")
            #expect(terminal.output() == "\u{1B}]52;c;YSAbWzMxbQpmb2c=\u{7}")
        }
    }

    @Test func lentTerminalIsAsItWasBeforeAndComesBack() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "lantern"))
            _ = terminal.output()
            screen.lend {
                #expect(terminal.echoes)
                let output = terminal.output()
                for mark in ["\u{1B}[?1049l", "\u{1B}[?25h", "\u{1B}[?2004l"] { #expect(output.contains(mark)) }
            }
            #expect(!terminal.echoes)
            screen.draw(canvas(screen, "lantern"))
            let output = terminal.output()
            for mark in ["\u{1B}[?1049h", "\u{1B}[?25l", "lantern"] { #expect(output.contains(mark)) }
        }
    }

    @Test func closingTwiceDoesNothingMore() throws {
        let terminal = try PseudoTerminal()
        let screen = try Screen.open(theme: theme, options: terminal.options)
        screen.close()
        _ = terminal.output()
        screen.close()
        screen.wakeHandle.wake()
        #expect(terminal.output().isEmpty)
    }

    @Test func droppedScreenGivesTheTerminalBack() throws {
        let terminal = try PseudoTerminal()
        do { _ = try Screen.open(theme: theme, options: terminal.options) }
        #expect(terminal.output().contains("\u{1B}[?1049l"))
    }

    @Test func onlyOneScreenIsOpen() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { _ in
            #expect(throws: TerminalError.alreadyOpen) { try Screen.open(theme: theme, options: terminal.options) }
        }
    }

    @Test func onlyChangedCellsAreWritten() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "twelve lanterns"))
            _ = terminal.output()
            screen.draw(canvas(screen, "twelve lanterns"))
            #expect(terminal.output().isEmpty)
            screen.draw(canvas(screen, "eleven lanterns"))
            let output = terminal.output()
            #expect(output.utf8.count < 60)
            #expect(!output.contains("lanterns"))
            screen.redraw()
            #expect(terminal.output().contains("lanterns"))
        }
    }

    @Test func wideGraphemesAndMarksArriveWhole() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "漢字e\u{301}😀👩‍👩‍👧|❤️|🇩🇪"))
            #expect(terminal.output().contains("漢字e\u{301}😀👩|❤ |🇩🇪"))
            screen.draw(canvas(screen, "x字"))
            #expect(terminal.output().contains("x"))
        }
    }

    @Test func canvasOfAnotherSizeIsCut() throws {
        let terminal = try PseudoTerminal(width: 5, height: 2)
        try withScreen(terminal) { screen in
            var canvas = Canvas(size: Size(width: 30, height: 9))
            canvas.put("lan漢ern", x: 0, y: 0, style: .plain)
            canvas.put("below", x: 0, y: 7, style: .plain)
            screen.draw(canvas)
            let output = terminal.output()
            #expect(output.contains("lan漢"))
            #expect(!output.contains("ern"))
            #expect(!output.contains("below"))
        }
    }

    @Test func framesAreMarkedOnceTheTerminalSaysThatItUnderstands() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "one"))
            #expect(!terminal.output().contains("\u{1B}[?2026h"))
            terminal.type("\u{1B}[?2026;2$yq")
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .key(.character("q")))
            screen.draw(canvas(screen, "two"))
            let output = terminal.output()
            #expect(output.hasPrefix("\u{1B}[?2026h"))
            #expect(output.hasSuffix("\u{1B}[?2026l"))
        }
        var options = terminal.options
        options.behaviour.marksFrames = false
        _ = terminal.output()
        try withScreen(terminal, options: options) { _ in #expect(!terminal.output().contains("2026$p")) }
    }

    @Test func framesMayBeMarkedWithoutAsking() throws {
        let terminal = try PseudoTerminal()
        var options = terminal.options
        options.behaviour.marksFrames = true
        try withScreen(terminal, options: options) { screen in
            screen.draw(canvas(screen, "one"))
            let output = terminal.output()
            #expect(output.contains("\u{1B}[?2026h") && !output.contains("2026$p"))
        }
    }

    @Test func theMouseIsTakenWhereItIsWantedAndGivenBack() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            #expect(!terminal.output().contains("\u{1B}[?1000h"))
            screen.behaviour.usesMouse = true
            #expect(terminal.output() == "\u{1B}[?1000h\u{1B}[?1006h")
            terminal.type("\u{1B}[<0;12;5M\u{1B}[<0;12;5m\u{1B}[<65;300;5M\u{1B}[I\u{1B}[Oq")
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .mouse(MouseEvent(.press, x: 11, y: 4)))
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .mouse(MouseEvent(.wheelDown, x: 299, y: 4)))
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .key(.character("q")))
            screen.behaviour.usesMouse = false
            #expect(terminal.output() == "\u{1B}[?1006l\u{1B}[?1000l")
        }
        #expect(terminal.output().contains("\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?1004l"))
    }

    @Test func whoIsLookingGetsNoNotification() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            terminal.type("\u{1B}[Iq")
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .key(.character("q")))
            _ = terminal.output()
            screen.call("done")
            #expect(terminal.output() == "\u{7}")
            terminal.type("\u{1B}[Oq")
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .key(.character("q")))
            screen.call("done")
            #expect(terminal.output().contains("\u{1B}]9;done"))
        }
    }

    @Test func glyphsMayChangeWhileItIsOpen() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "now · then"))
            #expect(terminal.output().contains("now · then"))
            screen.behaviour.glyphs = .ascii
            #expect(screen.glyphs == .ascii)
            screen.draw(canvas(screen, "now · then"))
            #expect(terminal.output().contains("-"))
        }
    }

    @Test func keysPastesAndEscapeArrive() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            terminal.type("g\u{1B}OA\u{1B}[B\u{3}\u{1B}[200~a\rb\u{1B}[201~é\u{1B}[5~\u{1B}[9;9~\u{1B}")
            var events: [InputEvent] = []
            while let event = screen.nextEvent(timeoutMilliseconds: 100) { events.append(event) }
            #expect(
                events == [
                    .key(.character("g")), .key(.up), .key(.down), .key(.control("c")), .paste("a\nb"),
                    .key(.character("é")), .key(.pageUp), .key(.escape),
                ])
        }
    }

    @Test func pasteWithoutEndIsNotWaitedForForever() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            terminal.type("\u{1B}[200~lost")
            #expect(screen.nextEvent() == .paste("lost"))
        }
    }

    @Test func timeoutEndsWithoutAnEvent() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            #expect(screen.nextEvent(timeoutMilliseconds: 0) == nil)
            #expect(screen.nextEvent(timeoutMilliseconds: 5) == nil)
        }
    }

    @Test func wakingFromOtherThreadsIsOneEvent() async throws {
        let terminal = try PseudoTerminal()
        let screen = try Screen.open(theme: theme, options: terminal.options)
        let handle = screen.wakeHandle
        let threads = (0..<4).map { _ in
            var thread = pthread_t()
            let box = Unmanaged.passRetained(handle)
            pthread_create(
                &thread, nil,
                { raw in
                    guard let raw else { return nil }
                    Unmanaged<WakeHandle>.fromOpaque(raw).takeRetainedValue().wake()
                    return nil
                }, box.toOpaque())
            return thread
        }
        for thread in threads { pthread_join(thread, nil) }
        #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .wake)
        #expect(screen.nextEvent(timeoutMilliseconds: 0) == nil)
        screen.close()
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGQUIT])
    func signalsAreEvents(number: Int32) throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            kill(getpid(), number)
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .signal(number))
        }
    }

    @Test func resizeComesOnceWithTheLastSize() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "lantern"))
            for width in [100, 1, 60] {
                terminal.resize(width: width, height: 20)
                kill(getpid(), SIGWINCH)
            }
            let size = Size(width: 60, height: 20)
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .resize(size))
            #expect(screen.nextEvent(timeoutMilliseconds: 0) == nil)
            #expect(screen.size == size)
            _ = terminal.output()
            screen.draw(canvas(screen, "lantern"))
            #expect(terminal.output().contains("lantern"))
        }
    }

    @Test func smallestScreenIsAlive() throws {
        let terminal = try PseudoTerminal(width: 1, height: 1)
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "lantern"))
            terminal.type("q")
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .key(.character("q")))
        }
    }

    @Test func terminalIsLentAndTakenBack() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "lantern"))
            _ = terminal.output()
            screen.lend {
                #expect(terminal.echoes)
                #expect(terminal.output().contains("\u{1B}[?1049l"))
            }
            #expect(!terminal.echoes)
            let output = terminal.output()
            for mark in ["\u{1B}[?1049h", "\u{1B}[?2004h", "lantern"] { #expect(output.contains(mark)) }
            screen.lend { terminal.resize(width: 40, height: 10) }
            #expect(screen.nextEvent(timeoutMilliseconds: 0) == .resize(Size(width: 40, height: 10)))
        }
    }

    @Test func continuingAfterAStopRepaints() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "lantern"))
            _ = terminal.output()
            kill(getpid(), SIGCONT)
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .suspendResumed)
            #expect(terminal.output().contains("lantern"))
        }
    }

    @Test func slowTerminalGetsTheLatestFrameOnly() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            screen.draw(canvas(screen, "first"))
            _ = terminal.output()
            terminal.clog()
            screen.draw(canvas(screen, "second"))
            screen.draw(canvas(screen, "third!"))
            #expect(!terminal.output().contains("third!"))
            var output = ""
            for _ in 0..<100 where !output.contains("third!") {
                #expect(screen.nextEvent(timeoutMilliseconds: 50) == nil)
                output += terminal.output()
            }
            #expect(output.contains("third!"))
            #expect(!output.contains("second"))
        }
    }

    @Test func goneTerminalIsAHangUp() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            terminal.hangUp()
            #expect(screen.nextEvent(timeoutMilliseconds: 5000) == .signal(SIGHUP))
            #expect(screen.nextEvent(timeoutMilliseconds: 20) == nil)
            screen.draw(canvas(screen, "lantern"))
        }
    }

    @Test func titleIsSetWithoutControlCharacters() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            _ = terminal.output()
            screen.title = "The Lantern\u{7} Archive"
            #expect(terminal.output() == "\u{1B}]0;The Lantern␇ Archive\u{7}")
        }
    }

    @Test func callRingsAndNotifiesAsFarAsIsWanted() throws {
        let notification = "\u{1B}]9;The Lantern␇ Archive\u{7}"
        for (bell, text, expected) in [
            (true, true, notification + "\u{7}"), (true, false, "\u{7}"), (false, true, notification),
            (false, false, ""),
        ] {
            let terminal = try PseudoTerminal()
            var options = terminal.options
            (options.behaviour.ringsBell, options.behaviour.sendsNotifications) = (bell, text)
            try withScreen(terminal, options: options) { screen in
                _ = terminal.output()
                screen.call("The Lantern\u{7} Archive")
                #expect(terminal.output() == expected)
            }
        }
    }

    @Test func callDoesNotWaitForATerminalThatStandsStill() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            terminal.clog()
            screen.call("anybody?")
            #expect(!terminal.output().contains("anybody?"))
        }
    }

    @Test func coloursAreTheNearestThatTheTerminalHas() throws {
        let terminal = try PseudoTerminal()
        try withScreen(terminal) { screen in
            #expect(screen.colors == .indexed256)
            #expect(screen.theme == theme)
            var canvas = canvas(screen, "")
            let amber = Style(foreground: Color(red: 255, green: 175, blue: 95), bold: true)
            canvas.put("amber", x: 0, y: 0, style: amber)
            screen.draw(canvas)
            #expect(terminal.output().contains("38;5;215m"))
        }
    }

    @Test func terminalWithoutColoursGetsMono() throws {
        let terminal = try PseudoTerminal()
        var options = terminal.options
        options.usesColor = false
        try withScreen(terminal, options: options) { screen in
            #expect(screen.colors == .none)
            #expect(screen.theme.name == "mono")
            screen.theme = theme
            #expect(screen.theme.name == "mono")
            screen.draw(canvas(screen, "lantern"))
            #expect(!terminal.output().contains("38;5;"))
        }
    }

    @Test func oldTerminalIsAskedNothing() throws {
        let terminal = try PseudoTerminal()
        var options = terminal.options
        options.type = "vt100"
        try withScreen(terminal, options: options) { screen in
            screen.title = "x"
            screen.draw(canvas(screen, "lantern"))
            let output = terminal.output()
            #expect(output.contains("lantern"))
            #expect(!output.contains("2004") && !output.contains("2026") && !output.contains("\u{1B}]0"))
        }
    }

    @Test func unknownTerminalIsTakenForXtermWithANotice() throws {
        let terminal = try PseudoTerminal()
        var options = terminal.options
        options.type = "lantern-9000"
        try withScreen(terminal, options: options) { screen in
            #expect(screen.notice?.contains("lantern-9000") == true)
            #expect(screen.colors == .indexed256)
        }
    }

    @Test func whatIsNoTerminalIsRefusedInWords() throws {
        let terminal = try PseudoTerminal()
        var options = terminal.options
        for type in ["", "dumb"] {
            options.type = type
            #expect(throws: TerminalError.dumb(type: type)) { try Screen.open(theme: theme, options: options) }
        }
        let pipe = try EventPipe()
        options = terminal.options
        options.output = pipe.writing
        #expect(throws: TerminalError.notATerminal) { try Screen.open(theme: theme, options: options) }
        for error in [.notATerminal, .dumb(type: ""), .unknownType("x"), .alreadyOpen] as [TerminalError] {
            #expect(error.description.count > 40)
        }
        #expect(TerminalError.system(operation: "pipe", code: 24).description.contains("pipe"))
    }
}
