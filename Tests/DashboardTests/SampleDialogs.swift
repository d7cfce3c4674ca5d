import Core
import ResponseCache
import Terminal

@testable import Dashboard
@testable import Studio

extension Sample {
    /// A dialog as it stands after the keys and events that open it.
    struct OpenDialog: Sendable {
        var title: String
        var prepare: @Sendable (inout DashboardState) -> Void

        func state(_ size: Size) -> DashboardState {
            var state = DashboardState.sample(Sample.busy(), width: size.width, height: size.height)
            prepare(&state)
            return state
        }
    }

    static let choices = [
        ProviderChoice(
            name: "embedded", type: "embedded", model: "embedded-1", isReady: true, problem: nil, inputPrice: .zero,
            outputPrice: .zero, isCurrent: true),
        ProviderChoice(
            name: "local", type: "openai", model: "qwen3", isReady: true, problem: nil, inputPrice: nil,
            outputPrice: nil, isCurrent: false),
        ProviderChoice(
            name: "openai", type: "openai", model: "gpt-4o", isReady: true, problem: nil,
            inputPrice: dollars("0.0000025"), outputPrice: dollars("0.00001"), isCurrent: false),
        ProviderChoice(
            name: "mistral", type: "mistral", model: nil, isReady: false, problem: "no key: set MISTRAL_API_KEY",
            inputPrice: nil, outputPrice: nil, isCurrent: false),
    ]

    static let dialogs: [OpenDialog] = [
        OpenDialog(title: "generate") { state in
            let effects = state.press(.character("g"))
            if case .price(let order)? = effects.first { _ = state.update(.priced(order, dollars("0.42"))) }
        },
        OpenDialog(title: "provider") { state in
            _ = state.press(.character("p"))
            _ = state.update(.choices(role: .showrunner, kind: .text, choices))
        },
        OpenDialog(title: "prune") { state in
            _ = state.press(.character("x"))
            _ = state.update(.prunePlanned(.expired, PruneResult(entries: 1_204, bytes: 3_565_158)))
        },
        OpenDialog(title: "prune, asked again") { state in
            _ = state.press(.character("x"))
            _ = state.update(.prunePlanned(.expired, PruneResult(entries: 1_204, bytes: 3_565_158)))
            _ = state.press(.enter)
        },
        OpenDialog(title: "budget") { state in _ = state.press(.character("+")) },
        OpenDialog(title: "quit") { state in
            state.fold(Array(run.prefix(2)))
            _ = state.press(.character("q"))
        },
        OpenDialog(title: "help") { state in _ = state.press(.character("?")) },
        OpenDialog(title: "first run") { state in
            state.status = nil
            _ = state.start(suggestedPlace: "~/QuestFoundry/lantern")
            _ = state.update(.placeChecked("~/QuestFoundry/lantern", checkout: "/home/mara"))
        },
    ]
}
