import Configuration
import Core

extension RunOrder {
    /// The order as the books keep it while its run goes on, for ``Session/resume()``.
    var saved: JSONValue {
        var plain = self
        plain.flags = RoleLayer()
        // What it wants is among what the run was told.
        plain.goal = nil
        var order = plain.job?.object ?? JSONObject()
        order["provider"] = JSONValue(flags.provider)
        order["model"] = JSONValue(flags.model)
        order["jobs"] = JSONValue(jobs)
        return .object(order)
    }

    /// Reads what ``saved`` wrote. Throws when it is none.
    init(saved: JSONValue) throws(RunError) {
        var job = saved.object ?? JSONObject()
        for key in ["provider", "model", "jobs"] { job[key] = nil }
        try self.init(job: .object(job))
        flags.provider = saved["provider"]?.string
        flags.model = saved["model"]?.string
        jobs = saved["jobs"]?.int ?? 1
    }
}
