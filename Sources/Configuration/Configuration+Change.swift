extension Configuration {
    /// Whether another configuration says the same of everything but the roles, the dashboard and what was changed live;
    /// where its values stand makes no difference.
    package func agrees(with other: Configuration) -> Bool {
        providers.mapValues(\.withoutPlaces) == other.providers.mapValues(\.withoutPlaces)
            && caching == other.caching && rateLimiting == other.rateLimiting && costs == other.costs
            && retry == other.retry && state == other.state && trust == other.trust
    }

    /// The configuration with the roles of another one.
    package func taking(rolesOf other: Configuration) -> Configuration {
        var changed = self
        changed.roles = other.roles
        for path in Set(written.keys).union(other.written.keys) where path.first == "roles" {
            changed.written[path] = other.written[path]
        }
        return changed
    }
}

extension ProviderSection {
    fileprivate var withoutPlaces: ProviderSection {
        var section = self
        section.entries = entries.map { entry in
            var entry = entry
            entry.place = nil
            entry.values = entry.values.mapValues { RawValue(scalar: $0.scalar) }
            return entry
        }
        return section
    }
}
