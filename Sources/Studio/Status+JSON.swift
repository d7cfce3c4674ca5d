public import Core
import Workspace

extension Status {
    /// The document that `status --json` prints.
    public var json: JSONValue {
        [
            "project": project.json,
            "session": session?.json ?? .null,
            "roles": .array(roles.map(\.json)),
            "cache": cache.json,
            "state": state.json,
            "limits": .array(limits.map(\.json)),
            "budgets": .array(budgets.map(\.json)),
            "costs": costs.json,
            "paces": .array(paces.map(\.json)),
        ]
    }
}

extension Status.Project {
    fileprivate var json: JSONValue {
        [
            "name": JSONValue(name), "path": JSONValue(path), "schema_version": JSONValue(schemaVersion),
            "pending_migrations": JSONValue(pendingMigrations),
        ]
    }
}

extension Status.State {
    fileprivate var json: JSONValue {
        [
            "backend": JSONValue(backend), "schema_version": JSONValue(schemaVersion),
            "newest_version": JSONValue(newestVersion), "hot_artifacts": JSONValue(hotArtifacts),
            "cold_artifacts": JSONValue(coldArtifacts), "snapshots": JSONValue(snapshots), "tus": JSONValue(units),
            "backups": JSONValue(backups.count), "last_backup_at": JSONValue(time: backups.first?.createdAt),
            "problem": JSONValue(problem),
        ]
    }
}

extension Status.SessionState {
    fileprivate var json: JSONValue {
        [
            "id": JSONValue(id.description), "running": .bool(isRunning), "paused": .bool(isPaused),
            "loop": JSONValue(loop), "step": JSONValue(step), "state": JSONValue(state?.rawValue),
            "started_at": JSONValue(time: startedAt), "cost": JSONValue(cost.dollars), "requests": JSONValue(requests),
        ]
    }
}

extension Status.RoleRow {
    fileprivate var json: JSONValue {
        [
            "role": JSONValue(role.rawValue), "kind": JSONValue(kind.rawValue), "provider": JSONValue(provider),
            "model": JSONValue(model), "source": JSONValue(source), "state": JSONValue(state.rawValue),
            "calls": JSONValue(calls), "hit_rate": JSONValue(fraction: hitRate), "cost": JSONValue(cost?.dollars),
        ]
    }
}

extension Status.CacheState {
    fileprivate var json: JSONValue {
        [
            "enabled": .bool(isEnabled), "backend": JSONValue(backend), "entries": JSONValue(entries),
            "bytes": JSONValue(bytes), "cap_bytes": JSONValue(capBytes), "session": session.json,
            "today": today.json, "all": all.json,
        ]
    }
}

extension Status.Limit {
    fileprivate var json: JSONValue {
        [
            "scope": JSONValue(scope.rawValue), "name": JSONValue(name), "metric": JSONValue(metric),
            "period": JSONValue(period), "limit": JSONValue(limit), "capacity": JSONValue(capacity),
            "remaining": JSONValue(remaining), "reserved": JSONValue(reserved),
            "refill_per_second": JSONValue(fraction: refillPerSecond), "full_at": JSONValue(time: fullAt),
            "waiting": JSONValue(waiting),
        ]
    }
}

extension Status.Budget {
    fileprivate var json: JSONValue {
        let exhausted: JSONValue =
            exhaustedAt.map {
                ["earliest": JSONValue(time: $0.earliest), "latest": JSONValue(time: $0.latest)]
            } ?? .null
        return [
            "scope": JSONValue(scope.rawValue), "name": JSONValue(name), "period": JSONValue(period),
            "limit": JSONValue(limit.dollars), "spent": JSONValue(spent.dollars),
            "reserved": JSONValue(reserved.dollars), "remaining": JSONValue(remaining.dollars),
            "resets_at": JSONValue(time: resetsAt), "exhausted_at": exhausted,
        ]
    }
}

extension Status.Costs {
    fileprivate var json: JSONValue {
        [
            "currency": "USD", "session": JSONValue(session.dollars), "today": JSONValue(today.dollars),
            "month": JSONValue(month.dollars), "all": JSONValue(all.dollars), "saved": JSONValue(saved.dollars),
            "estimated_part": JSONValue(estimatedPart.dollars), "burn_per_hour": JSONValue(burnPerHour?.dollars),
        ]
    }
}
