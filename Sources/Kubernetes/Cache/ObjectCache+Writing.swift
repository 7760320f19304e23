public import KubernetesAPI

extension ObjectCache {
    /// Replaces all objects of a kind, and marks the kind as synced. Objects that the list does not contain are
    /// deleted.
    /// - Parameter keeping: objects that keep their state, because their new one cannot be decoded.
    public func replace<Object: CachedObject>(with objects: [Object], keeping: Set<ObjectKey> = []) {
        write { $0.replace(with: objects, keeping: keeping) }
    }

    /// Replaces the objects of all kinds in one step.
    public func replace(with snapshot: Snapshot) {
        write { state in
            state.replace(with: Array(snapshot.ingresses.values))
            state.replace(with: Array(snapshot.ingressClasses.values))
            state.replace(with: Array(snapshot.services.values))
            state.replace(with: Array(snapshot.endpointSlices.values))
        }
    }

    /// Adds the object, or replaces the object with its key. The object is stored but not reported as a change if only
    /// fields differ that do not affect routing.
    public func upsert<Object: CachedObject>(_ object: Object) {
        write { $0.upsert(object) }
    }

    /// Deletes an object; no change if the cache does not contain it.
    /// - Parameter last: the last metadata of the object.
    public func delete<Object: CachedObject>(_ type: Object.Type, _ last: ObjectMeta) {
        write { $0.delete(type, last) }
    }
}

extension ObjectCache.State {
    mutating func replace<Object: CachedObject>(with objects: [Object], keeping: Set<ObjectKey> = []) {
        let present = keeping.union(objects.map(\.key))
        for place in [snapshot, spare] {
            for old in place[keyPath: Object.place].values where !present.contains(old.key) {
                delete(Object.self, old.metadata)
            }
        }
        for object in objects { upsert(object) }
        synced.insert(Object.kind)
    }

    mutating func upsert<Object: CachedObject>(_ object: Object) {
        guard isWanted(object) else {
            // It may have belonged to a wanted Service before.
            delete(Object.self, object.metadata)
            spare[keyPath: Object.place][object.key] = object
            return
        }
        spare[keyPath: Object.place][object.key] = nil
        let old = snapshot[keyPath: Object.place].updateValue(object, forKey: object.key)
        // Such as this program's own write of the status.
        if let old, old.isEqualApartFromBookkeeping(to: object) { return }
        note(old == nil ? .added : .modified, Object.kind, object.metadata)
    }

    mutating func delete<Object: CachedObject>(_ type: Object.Type, _ last: ObjectMeta) {
        spare[keyPath: Object.place][last.key] = nil
        guard snapshot[keyPath: Object.place].removeValue(forKey: last.key) != nil else { return }
        note(.deleted, type.kind, last)
    }

    /// Moves EndpointSlices to where they belong after the wanted Services have changed. Those that are no longer wanted
    /// are no change for the consumer, who asked for it.
    mutating func moveSlices() {
        for slice in snapshot.endpointSlices.values where !isWanted(slice) {
            snapshot.endpointSlices[slice.key] = nil
            changes[ObjectCache.ChangeKey(kind: .endpointSlice, key: slice.key)] = nil
            spare.endpointSlices[slice.key] = slice
        }
        for slice in spare.endpointSlices.values where isWanted(slice) { upsert(slice) }
    }

    private func isWanted(_ object: some CachedObject) -> Bool {
        object.neededFor.map(endpointsWanted.contains) ?? true
    }

    private mutating func note(_ verb: Change.Verb, _ kind: ObjectKind, _ metadata: ObjectMeta) {
        let key = ObjectCache.ChangeKey(kind: kind, key: metadata.key)
        let merged: Change.Verb? =
            switch (changes[key]?.verb, verb) {
            case (.added, .deleted): nil
            case (.added, _): .added
            case (.deleted, .added): .modified
            default: verb
            }
        changes[key] = merged.map {
            Change(
                kind: kind, key: metadata.key, verb: $0, resourceVersion: metadata.resourceVersion,
                lastWriter: metadata.lastWriter)
        }
    }
}

extension CachedObject {
    fileprivate func isEqualApartFromBookkeeping(to other: Self) -> Bool {
        var twin = other
        twin.takeBookkeeping(of: self)
        return twin == self
    }
}
