import Configuration
import Dashboard

extension LoadedConfiguration {
    /// The same with what is wrong with the keys that it gives to the dashboard's actions: the dashboard alone knows them.
    var checkingKeys: LoadedConfiguration {
        guard let configuration else { return self }
        let problems = Keymap.rebinding(configuration.dashboard.keys).problems.map { problem in
            configuration.error(at: ["dashboard", "keys", problem.action], problem.message)
        }
        guard !problems.isEmpty else { return self }
        let all = self.problems + problems
        return LoadedConfiguration(
            configuration: nil, problems: all.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }
}
