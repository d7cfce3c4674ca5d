import SuiteKit
import TestKit
import Testing

@testable import Workspace

@Suite struct StateStoreContractTests {
    enum Kind: CaseIterable { case file, sqlite, memory }

    @Test(arguments: Kind.allCases, StateStoreContract.promises)
    func keepsItsWord(_ kind: Kind, _ promise: StateStoreContract.Promise) async throws {
        let fixture = try WorkspaceFixture()
        let workspace = try fixture.create(name: "Ferry")
        let store: any StateStore =
            switch kind {
            case .file: fixture.store(workspace)
            case .sqlite: SQLiteStore(workspace, time: fixture.time)
            case .memory: MemoryStore(workspace.info, time: fixture.time)
            }
        try await promise.check(StateStoreContract(store, time: fixture.time))
    }
}
