import Studio
import Testing

@Suite struct WorkStateTests {
    @Test func hooksMoveAlongTheirStates() {
        let chain: [HookState] = [.proposed, .accepted, .inProgress, .resolved, .canonized]
        for (state, next) in zip(chain, chain.dropFirst()) {
            #expect(HookState.move(state.rawValue, to: next) == next.rawValue)
            #expect(HookState.move(next.rawValue, to: state) == nil)
        }
        #expect(HookState.move("proposed", to: .deferred) == "deferred")
        #expect(HookState.move("deferred", to: .accepted) == "accepted")
        #expect(HookState.move("proposed", to: .canonized) == nil)
        #expect(HookState.move("rejected", to: .accepted) == nil)
        #expect(HookState.move("in-progress", to: .inProgress) == "in-progress")
        #expect(HookState.move("whatever", to: .accepted) == "whatever")
    }

    @Test func unitsMoveAlongTheirStatesAndOneStepBack() {
        typealias Unit = ThematicUnitState
        let allowed: [(String, String)] = [
            ("hot-proposed", "stabilizing"), ("stabilizing", "gatecheck"), ("gatecheck", "cold-merged"),
            ("gatecheck", "stabilizing"), ("stabilizing", "hot-proposed"),
        ]
        for from in Unit.allCases {
            for to in Unit.allCases where from != to {
                let isAllowed = allowed.contains { $0 == (from.rawValue, to.rawValue) }
                #expect(Unit.move(from.rawValue, to: to) == (isAllowed ? to.rawValue : nil), "\(from) \(to)")
            }
        }
        #expect(Unit.move("open", to: .coldMerged) == "open")
    }
}
