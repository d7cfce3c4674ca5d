import Core

/// What the program itself does in a step.
extension LoopEngine {
    mutating func act(
        _ action: ActionName, in step: Loop.Step, at index: Int, reading: [ReadableArtifact]
    ) async throws(RunError) {
        switch action {
        case .images, .audio: try await render(action, in: step, at: index, reading: reading)
        case .snapshot, .promote, .views, .export: throw RunError(.order, "\(action.rawValue) is not built yet")
        }
    }
}
