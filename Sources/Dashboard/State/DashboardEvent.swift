package import Core
package import Metering
package import ResponseCache
package import Studio
package import Terminal
package import Workspace

/// Whatever may change what the dashboard shows.
package enum DashboardEvent: Sendable {
    case key(Key)
    /// `isDouble` where it ends a double click.
    case mouse(MouseEvent, isDouble: Bool)
    case paste(String)
    case resize(Size)
    /// SIGINT, SIGTERM, SIGHUP or SIGQUIT came from outside.
    case signal(Int32)
    /// The wall time in microseconds, and how many seconds the place is ahead of UTC.
    case time(wall: Int64, utcOffset: Int)
    case session(SessionEventRecord)
    /// Something happened in a session of another process or machine that shares the project.
    case elsewhere(SessionEventRecord)
    /// Every figure, read anew.
    case status(Status)
    /// A workspace was made; its figures.
    case workspaceOpened(Status)
    case runEnded(RunReport)
    case choices(ProviderChoices)
    /// How a provider stands that a role could use, and which models it has.
    case offered(RoleName, ProviderKind, ProviderOffer)
    /// What a model of a provider costs.
    case quoted(RoleName, ProviderKind, provider: String, ModelQuote)
    /// Every loop that may be ordered.
    case loops([Loop])
    /// What an order may cost.
    case priced(GenerateOrder, CostEstimate)
    /// The loop that the showrunner picked for a goal.
    case loopChosen(LoopChoice)
    /// The last change was taken back: what it was, in words.
    case undone(String)
    /// The most that the last step of the run may cost when it is done again; nil when a model has no price.
    case redoPriced(Money?)
    /// What a filter would remove.
    case prunePlanned(PruneFilter, PruneResult)
    /// What a migration would do.
    case migrationPlanned(MigrationPlan)
    /// How far a migration, a backup or a restoration has come.
    case stateProgress(StateProgress)
    /// The state was replaced, and the workspace opened again: what was done, and the figures.
    case stateReplaced(String, Status)
    case backedUp(Backup)
    /// What the cache holds.
    case entries([CachedEntry])
    /// What the cache holds under a key; nil when that is nothing that can be read.
    case entryRead(String, CachedAnswer?)
    /// What the month's calls and look-ups add up to.
    case month([Tally])
    /// The artifacts of the workspace, in short.
    case artifacts(ArtifactPage)
    /// An artifact that was to be read.
    case artifactRead(Reader.Stop, Session.Shown)
    /// Why an artifact cannot be read.
    case artifactUnread(Reader.Stop, String)
    /// An artifact was changed from here: what was done, in a sentence.
    case artifactChanged(String)
    /// What happened before a wall time, oldest first.
    case olderActivity([SessionEventRecord], upTo: Int64)
    /// Everything that is known of a request.
    case inspected(RequestCard)
    /// Why nothing could be read of a request.
    case uninspected(ULID, String)
    /// Everything that is known of a role.
    case roleRead(RoleCard)
    case costBars(CostBar.Length, [CostBar])
    case shelves(Shelves)
    /// A text is ready for the writer's editor.
    case editOpened(OpenEdit)
    /// What a new workspace could write with, beside the embedded provider.
    case offers([ProviderScout.Offer])
    /// Every theme that can be chosen, and the folder of the user's own.
    case themes([ThemeShelf.Entry], folder: String)
    /// Whether a place for a workspace lies in a source checkout: that checkout's folder.
    case placeChecked(String, checkout: String?)
    /// Settings were read anew: how the dashboard is to look and listen, what is newly in force, and whether the rest counts
    /// only once the workspace is opened again.
    case settings(Preferences, news: [String], wantsReopening: Bool)
    /// Settings were read anew and cannot be used: why, and where.
    case settingsRefused(String)
    /// Work that an effect asked for could not be done.
    case failed(String)
    /// Something that the writer should know.
    case notice(String)
}

/// What the dashboard wants done; what comes of it comes back as events.
package enum Effect: Sendable, Hashable {
    case refreshStatus
    case price(GenerateOrder)
    /// Has the showrunner pick a loop for a goal.
    case chooseLoop(goal: String)
    /// Takes the last provider switch or change of a limit back.
    case undo
    case run(GenerateOrder)
    case cancelRun
    /// Steers the run under way: this session's own, else that of the session named.
    case steer(SteeringOrder, in: ULID?)
    /// Asks what it may cost to do a step of a run again.
    case priceRedo(run: ULID, index: Int)
    case listChoices(role: RoleName, kind: ProviderKind)
    /// Looks how a provider stands that a role could use, and which models it has.
    case lookAt(provider: String, RoleName, kind: ProviderKind)
    /// Looks how the providers stand that roles use.
    case lookAround
    /// Looks how a provider stands that failed, or that did not answer before.
    case lookAgain(provider: String, RoleName)
    /// Asks what a model of a provider costs.
    case quote(RoleName, kind: ProviderKind, provider: String, model: String)
    /// `kind` is nil for a role that uses providers of one kind alone.
    case switchRole(RoleName, kind: ProviderKind? = nil, provider: String, model: String?)
    case resetRole(RoleName)
    case planPrune(PruneFilter)
    case prune(PruneFilter)
    case changeLimit(LimitOrder)
    case planMigration(to: Int)
    case migrate(to: Int)
    case backUp
    /// Brings the state of the backup of that name back.
    case restore(String)
    /// Lets the configuration send what it asks for to where it says.
    case trust
    /// Lists what the cache holds.
    case listEntries
    /// Reads what the cache holds under a key.
    case readEntry(key: String)
    /// Adds the month's calls and look-ups up.
    case tallyMonth
    /// Lists the artifacts of the workspace.
    case listArtifacts
    case readArtifact(Reader.Stop)
    case acceptTake(String)
    /// Reads what happened up to a wall time, from the journal.
    case readActivity(upTo: Int64)
    case inspect(ULID)
    /// Adds up what was spent in each of the last hours or days.
    case readBars(CostBar.Length)
    /// Reads the snapshots and thematic units.
    case readShelves
    case readRole(RoleName, kind: ProviderKind)
    /// Moves an artifact into the bin.
    case deleteArtifact(String)
    /// Brings an artifact's text to where an editor can open it.
    case openEdit(String)
    /// Gives the terminal to the writer's editor.
    case edit(OpenEdit)
    /// Keeps what the writer made of a text; `problem` says what became of the editor, where it did not end well.
    case takeEdit(OpenEdit, problem: String?)
    /// Puts a text, made visible, into the terminal's clipboard.
    case copy(String)
    /// Opens the workspace again, so that all of a changed configuration counts.
    case reopen
    /// Reads every theme.
    case listThemes
    /// Keeps a theme for every dashboard of the workspace.
    case keepTheme(String)
    case checkPlace(String)
    /// Looks what a new workspace could write with.
    case scoutProviders
    case makeWorkspace(String, ProviderScout.Offer)
    /// Calls the writer with the bell and a notification, as far as they are wanted.
    case call(String)
    /// Draws every cell anew.
    case redraw
    /// Stops the program until the shell lets it go on.
    case suspend
    case quit(Ending)
}

/// How a dashboard ended.
package enum Ending: Sendable, Hashable {
    case quit
    /// A signal from outside ended it.
    case signal(Int32)
}

/// What the generate dialog orders.
package struct GenerateOrder: Sendable, Hashable {
    package var loop: String
    /// What the writer wants to come of it; nil for nothing in particular.
    package var goal: String?
    /// nil for the workspace's own brief.
    package var brief: String?
    /// nil for the loop's own count.
    package var count: Int?
}
