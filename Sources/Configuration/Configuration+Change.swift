extension Configuration {
    /// Whether another configuration says the same of everything but the roles, the dashboard and what was changed live;
    /// where its values stand makes no difference. What stands under a role of its provider counts with the providers.
    package func agrees(with other: Configuration) -> Bool {
        providers.mapValues(\.withoutPlaces) == other.providers.mapValues(\.withoutPlaces)
            && ownProviders.mapValues(\.withoutPlaces) == other.ownProviders.mapValues(\.withoutPlaces)
            && caching == other.caching && rateLimiting == other.rateLimiting && costs == other.costs
            && retry == other.retry && state == other.state && trust == other.trust
    }

    /// The configuration with the roles of another one, but for what stands under them of their providers.
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
            entry.values = entry.values.mapValues(\.withoutPlace)
            return entry
        }
        return section
    }
}

extension OwnProvider {
    fileprivate var withoutPlaces: OwnProvider {
        OwnProvider(name: name, kind: kind, values: values.mapValues(\.withoutPlace))
    }
}

extension RawValue {
    fileprivate var withoutPlace: RawValue { RawValue(scalar: scalar) }
}
