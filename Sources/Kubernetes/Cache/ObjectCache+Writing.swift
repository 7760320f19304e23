public import KubernetesAPI

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
            state.replace(with: Array(snapshot.endpointSlices.values))
        }
    }

    /// Adds the object, or puts it in the place of the one with the same key. Where that changes nothing that is
    /// routed by, it is kept and no news.
    public func upsert<Object: CachedObject>(_ object: Object) {
        write { $0.upsert(object) }
    }

    /// - Parameter last: the object's metadata as it was last. An object that is not in the cache is no change.
    public func delete<Object: CachedObject>(_ type: Object.Type, _ last: ObjectMeta) {
        write { $0.delete(type, last) }
    }
}

extension ObjectCache.State {
    mutating func replace<Object: CachedObject>(with objects: [Object]) {
        let present = Set(objects.map(\.key))
        for old in snapshot[keyPath: Object.place].values where !present.contains(old.key) {
            delete(Object.self, old.metadata)
        }
        for object in objects { upsert(object) }
        synced.insert(Object.kind)
    }

    mutating func upsert<Object: CachedObject>(_ object: Object) {
        let old = snapshot[keyPath: Object.place].updateValue(object, forKey: object.key)
        // A write that touched nothing this program routes by, like its own of the status, is nobody's cause.
        if let old, old.isEqualApartFromBookkeeping(to: object) { return }
        note(old == nil ? .added : .modified, Object.kind, object.metadata)
    }

    mutating func delete<Object: CachedObject>(_ type: Object.Type, _ last: ObjectMeta) {
        guard snapshot[keyPath: Object.place].removeValue(forKey: last.key) != nil else { return }
        note(.deleted, type.kind, last)
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
