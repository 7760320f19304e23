extension ObjectCache {
    /// Puts a complete list in the place of all objects of its kind, and marks the kind as synced. What is absent was
    /// deleted.
    public func replace<Object: CachedObject>(with objects: [Object]) {
        write { $0.replace(with: objects) }
    }

    /// Puts a complete world in the place of everything, in one step: no reader sees half of it.
    public func replace(with snapshot: Snapshot) {
        write { state in
            state.replace(with: Array(snapshot.ingresses.values))
            state.replace(with: Array(snapshot.ingressClasses.values))
            state.replace(with: Array(snapshot.services.values))
        }
    }

    /// Adds the object, or puts it in the place of the one with the same key.
    public func upsert<Object: CachedObject>(_ object: Object) {
        write { $0.upsert(object) }
    }

    /// - Parameter object: as it was last. One that is not in the cache is no change.
    public func delete<Object: CachedObject>(_ object: Object) {
        write { $0.delete(object) }
    }
}

extension ObjectCache.State {
    mutating func replace<Object: CachedObject>(with objects: [Object]) {
        let present = Set(objects.map(\.key))
        for old in snapshot[keyPath: Object.place].values where !present.contains(old.key) { delete(old) }
        for object in objects { upsert(object) }
        synced.insert(Object.kind)
    }

    mutating func upsert<Object: CachedObject>(_ object: Object) {
        let old = snapshot[keyPath: Object.place].updateValue(object, forKey: object.key)
        // A write that touched nothing this program reads, like its own of the status, is nobody's cause.
        if let old, old.isEqualApartFromVersion(to: object) { return }
        note(old == nil ? .added : .modified, object)
    }

    mutating func delete<Object: CachedObject>(_ object: Object) {
        guard snapshot[keyPath: Object.place].removeValue(forKey: object.key) != nil else { return }
        note(.deleted, object)
    }

    private mutating func note<Object: CachedObject>(_ verb: Change.Verb, _ object: Object) {
        let key = ObjectCache.ChangeKey(kind: Object.kind, key: object.key)
        let merged: Change.Verb? =
            switch (changes[key]?.verb, verb) {
            case (.added, .deleted): nil
            case (.added, _): .added
            case (.deleted, .added): .modified
            default: verb
            }
        changes[key] = merged.map {
            Change(
                kind: Object.kind, key: object.key, verb: $0, resourceVersion: object.metadata.resourceVersion,
                lastWriter: object.metadata.lastWriter)
        }
    }
}

extension CachedObject {
    fileprivate func isEqualApartFromVersion(to other: Self) -> Bool {
        var twin = other
        twin.metadata.resourceVersion = metadata.resourceVersion
        twin.metadata.lastWriter = metadata.lastWriter
        return twin == self
    }
}
