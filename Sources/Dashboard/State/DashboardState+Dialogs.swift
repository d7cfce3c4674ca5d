import Core
import Terminal

extension DashboardState {
    mutating func pressInDialog(_ key: Key) -> [Effect] {
        guard var dialog else { return [] }
        var isLetter = false
        if case .character = key { isLetter = true }
        guard let binding = KeyTable.binding(forDialog: key), !(isLetter && dialog.form.isTyping) else {
            let hasChanged = dialog.form.type { $0.type(key) }
            return keep(&dialog, hasChanged)
        }
        return perform(binding.action)
    }

    mutating func perform(_ action: DialogAction) -> [Effect] {
        guard var dialog else { return [] }
        switch action {
        case .accept: return acceptDialog()
        case .close:
            self.dialog = nil
            return dialog.closeEffects
        default:
            let hasChanged = dialog.form.move(action)
            return keep(&dialog, hasChanged)
        }
    }

    mutating func paste(_ text: String) -> [Effect] {
        guard var dialog else { return [] }
        let hasChanged = dialog.form.type { $0.insert(text) }
        return keep(&dialog, hasChanged)
    }

    /// Puts a dialog back whose form was used.
    mutating func keep(_ dialog: inout any Dialog, _ hasChanged: Bool) -> [Effect] {
        let effects = hasChanged ? dialog.formChanged(self) : []
        self.dialog = dialog
        return effects
    }
}
