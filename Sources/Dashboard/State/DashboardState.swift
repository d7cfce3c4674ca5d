import Core
import Metering
import ResponseCache
package import Studio
package import Terminal
import Workspace

/// A request under way.
struct LiveRequest: Sendable, Hashable {
    var role: RoleName
    var provider: String
    /// The limit that holds it back.
    var waitsFor: String?
    /// The wall time in microseconds at which it may go on, if known.
    var waitsUntil: Int64?
}

/// Where the reader of a pane is.
struct PaneView: Sendable, Hashable {
    /// The first line shown; nil for where the pane wants to be: at its top, or following its end.
    var top: Int?
    var selection = 0
    /// The name of the selected row, by which it is found again when rows move.
    var selectedID: String?
}

/// Everything that the dashboard shows: a fold over session events, keys and snapshots of the figures.
package struct DashboardState: Sendable {
    /// The figures; nil as long as there is no workspace.
    package internal(set) var status: Status?
    package internal(set) var size: Size
    /// What the terminal can draw frames and gauges with.
    var glyphs: Glyphs
    /// The looks that everything is drawn in.
    var theme = Theme()
    /// Whether the terminal shows the theme's colours.
    var hasColors = true
    var keymap = Keymap.standard
    /// Whether it can only look.
    let isReadOnly: Bool
    /// Wall time in microseconds.
    var now: Int64 = 0
    var utcOffset = 0

    var focus = Pane.ID.roles
    var isFullSize = false
    var views: [Pane.ID: PaneView] = [:]
    /// What the tables of zooms show.
    var tables: [Pane.ID: TableChoice] = [:]
    /// What the cache holds, the entries used last; nil as long as nobody looked.
    var entries: [CachedEntry]?

    /// The artifacts of the workspace, what was modified last first; nil as long as nobody looked.
    var artifacts: ListedArtifacts?
    /// The artifact that is open in Output at full size.
    var reader: Reader?
    var search = Search()

    var run: RunProgress?
    /// Whether a run was ordered whose report has not come.
    var isRunOrdered = false
    /// Whether that run is over, so that only its report is to come.
    var isReportDue = false
    var isCancelling = false
    /// The session of another process whose run is shown; nil while it is this one's.
    var followed: ULID?
    /// What roles want to know from the writer, the oldest first.
    var questions: [WriterQuestion] = []
    var quitsAfterRun = false
    /// Whether the configuration has changed in a way that counts once the workspace is opened again.
    var reopensAfterRun = false
    var requests: [ULID: LiveRequest] = [:]
    var output: [OutputEntry] = []
    var activity: [ActivityLine] = []
    /// Whether nothing happened before the first of these lines, as far as the journal goes.
    var hasAllActivity = false
    var isReadingActivity = false
    /// The line of Activity that is looked into.
    var inspection: ActivityZoom.Inspection?
    /// What was spent hour by hour and day by day.
    var costBars: [CostBar.Length: CostBars] = [:]
    /// How much was left of each limit and budget, from 0 to 1, each time that figures came.
    var levels = LevelHistory()
    /// What the State pane at full size tells of snapshots and thematic units.
    var shelves: Shelves?
    /// What the migration to the newest version would do, or the one back.
    var migrationPlan: MigrationPlan?
    /// What was read of the role that is shown at full size.
    var roleCard: RoleCard?
    /// How many calls the role had made then; nil when the card has to be read anew.
    var roleCardCalls: Int?
    /// The session's hit rate after each of its answers.
    var hitRates: [Double] = []
    private(set) var hits = 0
    private(set) var answers = 0
    /// Dollars an hour, each time that they were read.
    var burnRates: [Double] = []

    var dialog: (any Dialog)?
    var message: Message?
    /// Every loop that may be ordered, the workspace's own included; empty until somebody wants to order one.
    var loops: [Loop] = []
    var lastOrder = GenerateOrder(loop: "story_spark")

    /// A sentence that stands where the footer is, until the next key.
    struct Message: Sendable, Hashable {
        var text: String
        var isError: Bool
    }

    /// The state of the first frame. `status` holds the figures of the workspace, nil when there is none; `now` is a wall
    /// time in microseconds.
    package init(
        status: Status?, size: Size, now: Int64, utcOffset: Int = 0, glyphs: Glyphs = .unicode,
        isReadOnly: Bool = false
    ) {
        self.status = status
        self.isReadOnly = isReadOnly
        self.size = size
        self.glyphs = glyphs
        self.now = now
        self.utcOffset = utcOffset
    }

    /// Whether this session may send requests: its run is under way or about to be.
    var isBusy: Bool { isRunOrdered || (run?.isRunning == true && followed == nil) }

    /// Whether a run is under way here or in the session that is followed.
    var isRunUnderWay: Bool { isRunOrdered || run?.isRunning == true }

    /// Whether something on the screen changes with each second.
    var showsSeconds: Bool {
        isRunUnderWay || !requests.isEmpty || status?.limits.contains { $0.movesVisibly(at: now) } == true
    }

    /// Where the reader of a pane is: whatever its zoom shows is read apart.
    func viewID(of pane: Pane.ID) -> Pane.ID {
        guard pane == focus, let zoom else { return pane }
        return Pane.ID(rawValue: "\(pane.rawValue) zoom \(zoom.place)")
    }

    /// The row of the Roles pane that `p` is about.
    var selectedRole: Status.RoleRow? {
        guard let roles = status?.roles, !roles.isEmpty else { return nil }
        return roles[selectedRoleIndex]
    }

    /// The place of that row among the rows.
    var selectedRoleIndex: Int {
        let roles = status?.roles ?? []
        let view = views[.roles] ?? PaneView()
        let place = view.selectedID.flatMap { id in roles.firstIndex { $0.id == id } }
        return place ?? min(max(0, view.selection), max(0, roles.count - 1))
    }

    mutating func say(_ text: String, isError: Bool = false) { message = Message(text: text, isError: isError) }

    /// Adds a line to Activity. The oldest that are in the journal make room: whoever goes up there reads them again.
    mutating func note(_ line: ActivityLine) {
        activity.append(line)
        guard activity.count > Self.mostActivity else { return }
        let surplus = activity.count - Self.mostActivity / 2
        var dropped = 0
        var kept = activity.prefix(surplus).filter { line in
            if line.isJournaled { dropped += 1 }
            return !line.isJournaled
        }
        kept += activity.dropFirst(surplus)
        if kept.count > Self.mostUnwritten {
            dropped += 1
            kept.removeFirst()
        }
        activity = kept
        hasAllActivity = false
        // Who reads further up goes on reading the same line.
        if let top = views[.activity]?.top { views[.activity]?.top = max(0, top - dropped) }
    }

    mutating func countAnswer(isHit: Bool) {
        answers += 1
        hits += isHit ? 1 : 0
        hitRates.append(Double(hits) / Double(answers))
        if hitRates.count > Self.longestHistory { hitRates.removeFirst() }
    }

    /// How many lines Activity keeps that are in the journal, and how many in all.
    private static let mostActivity = 1_000
    private static let mostUnwritten = 5_000
    static let longestHistory = 240
    /// How many entries of the cache are listed.
    static let mostEntries = 500
    /// How many answers Output keeps.
    static let mostOutput = 40
}

extension Status.Limit {
    /// Whether a second makes a difference: the bucket will be full soon, or fills fast.
    fileprivate func movesVisibly(at now: Int64) -> Bool {
        guard let fullAt, fullAt > now else { return false }
        return fullAt - now < 100_000_000 || refillPerSecond > 1.0 / 30
    }
}
