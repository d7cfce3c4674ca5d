import Core
import Foundation
import Studio
import Terminal

/// Takes in keys and events, has effects done, and draws, all on one thread that otherwise sleeps.
///
/// A key is answered at once; events are drawn as often a second as is wanted at most, and figures read four times.
struct DashboardLoop {
    private static let doubleTime: Int64 = 400_000
    private static let figuresTime: Int64 = 250_000
    private static let second: Int64 = 1_000_000

    private(set) var state: DashboardState
    private let display: any Display
    private let queue: EventQueue
    private let time: any TimeSource
    /// Opens a file in the writer's editor, and returns when that is closed.
    private let edit: (String) throws -> Void
    /// Has an effect done that takes time.
    private let perform: (Effect) -> Void

    /// Microseconds from one frame of events to the next.
    private var frameTime: Int64 = 33_000
    private var ending: Ending?
    private var isDirty = true
    private var drawnAt: Int64 = 0
    private var wantsFigures = false
    private var isReadingFigures = false
    private var figuresReadAt: Int64 = 0
    private var lastPress: (event: MouseEvent, at: Int64)?
    private var resizing = Resizing()

    init(
        state: DashboardState, display: any Display, queue: EventQueue, time: any TimeSource,
        edit: @escaping (String) throws -> Void, perform: @escaping (Effect) -> Void
    ) {
        self.state = state
        self.display = display
        self.queue = queue
        self.time = time
        self.edit = edit
        self.perform = perform
    }

    /// Has the terminal behave from now on as is wanted; the looks are the state's.
    mutating func adopt(_ preferences: Preferences) {
        display.behaviour = preferences.behaviour
        state.glyphs = display.glyphs
        state.hasColors = display.hasColors
        frameTime = Self.second / Int64(max(1, preferences.refreshHz))
        isDirty = true
    }

    /// Goes on until the dashboard is left; the effects of the first frame are done first.
    mutating func run(_ first: [Effect]) -> Ending {
        apply(.resize(display.size))
        keepTime(isStart: true)
        draw()
        for effect in first { handle(effect) }
        if let notice = display.notice { apply(.notice(notice)) }
        while true {
            // What comes before the next frame is drawn with it.
            let untilNextFrame = nextFrame - now
            queue.gather(untilNextFrame > 0)
            let isKey = take(display.nextEvent(timeoutMilliseconds: timeout(untilNextFrame)))
            for event in queue.take() { apply(event) }
            keepTime()
            readFigures()
            if let ending { return ending }
            if isDirty, isKey || now >= nextFrame { draw() }
        }
    }

    /// When what comes is drawn at the earliest; only who did something does not wait for it.
    private var nextFrame: Int64 { max(drawnAt + frameTime, resizing.heldUntil) }

    private var now: Int64 { time.now().sinceBoot }

    /// Returns whether somebody did something that has to be answered at once.
    private mutating func take(_ input: InputEvent?) -> Bool {
        switch input {
        case .key(let key): apply(.key(key))
        case .mouse(let mouse): apply(.mouse(mouse, isDouble: isDouble(mouse)))
        case .paste(let text): apply(.paste(text))
        case .resize(let size):
            apply(.resize(size))
            return resizing.note(at: now)
        case .signal(let number): apply(.signal(number))
        case .suspendResumed: isDirty = true
        case .wake, nil: return false
        }
        return true
    }

    /// Whether a press follows one at the same place so fast that both are one gesture; a third begins anew.
    private mutating func isDouble(_ mouse: MouseEvent) -> Bool {
        guard mouse.kind == .press else { return false }
        let isDouble = lastPress.map { $0.event == mouse && now - $0.at < Self.doubleTime } ?? false
        lastPress = isDouble ? nil : (mouse, now)
        return isDouble
    }

    private mutating func apply(_ event: DashboardEvent) {
        isDirty = true
        switch event {
        case .status, .failed: isReadingFigures = false
        case .settings(let preferences, _, _): adopt(preferences)
        default: break
        }
        for effect in state.update(event) { handle(effect) }
    }

    private mutating func handle(_ effect: Effect) {
        switch effect {
        case .quit(let ending): self.ending = self.ending ?? ending
        case .call(let text): display.call(text)
        case .redraw: display.redraw()
        case .suspend: display.suspend()
        case .edit(let open): lendToEditor(open)
        case .copy(let text): display.copy(text)
        case .refreshStatus: wantsFigures = true
        default: perform(effect)
        }
    }

    private mutating func lendToEditor(_ open: OpenEdit) {
        var problem: String?
        display.lend {
            do { try edit(open.path) } catch { problem = "\(error)" }
        }
        isDirty = true
        perform(.takeEdit(open, problem: problem))
    }

    private mutating func draw() {
        isDirty = false
        drawnAt = now
        display.title = state.windowTitle
        display.theme = state.dialog?.preview ?? state.theme
        display.draw(state.canvas(theme: display.theme))
    }

    /// Whoever draws at the edge of a window makes a hundred sizes of it. The first is drawn at once, the others when they
    /// pause, for each costs a whole screen.
    private struct Resizing {
        private static let pause: Int64 = 50_000
        private static let longest: Int64 = 500_000

        private(set) var heldUntil: Int64 = 0
        private var beganAt: Int64 = 0

        /// Notes another size; returns whether it is drawn at once.
        mutating func note(at now: Int64) -> Bool {
            let isNew = now >= heldUntil
            if isNew { beganAt = now }
            heldUntil = min(now + Self.pause, beganAt + Self.longest)
            return isNew
        }
    }

    // MARK: Time

    /// Tells the state the time when another second has begun; that is drawn only where a second is shown.
    private mutating func keepTime(isStart: Bool = false) {
        let wall = time.now().wall
        guard isStart || wall / Self.second != state.now / Self.second else { return }
        let isShown = state.showsSeconds || wall / (60 * Self.second) != state.now / (60 * Self.second)
        let wasDirty = isDirty
        apply(.time(wall: wall, utcOffset: TimeZone.current.secondsFromGMT(for: time.now().date)))
        isDirty = wasDirty || isShown
    }

    private mutating func readFigures() {
        guard wantsFigures, !isReadingFigures, now - figuresReadAt >= Self.figuresTime else { return }
        wantsFigures = false
        isReadingFigures = true
        figuresReadAt = now
        perform(.refreshStatus)
    }

    /// Milliseconds until something has to be done without an event.
    private func timeout(_ untilNextFrame: Int64) -> Int {
        let wall = time.now().wall
        let beat = state.showsSeconds ? Self.second : 60 * Self.second
        var waits = [beat - wall % beat]
        if isDirty || untilNextFrame > 0 { waits.append(untilNextFrame) }
        if wantsFigures, !isReadingFigures { waits.append(figuresReadAt + Self.figuresTime - now) }
        let microseconds = max(0, waits.min() ?? beat)
        return Int((microseconds + 999) / 1_000)
    }
}

extension DashboardState {
    var windowTitle: String {
        guard let name = status?.project.name else { return "QuestFoundry" }
        return "QuestFoundry · \(name)"
    }
}
