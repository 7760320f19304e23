public import KubernetesAPI

extension ObjectCache {
    /// Replaces all objects of a kind, and marks the kind as synced. Objects that the list does not contain are
    /// deleted; all of them disappear (`DisappearancePolicy`) if it is empty.
    /// - Parameter keeping: objects that keep their state, because their new one cannot be decoded.
    public func replace<Object: CachedObject>(with objects: [Object], keeping: Set<ObjectKey> = []) {
        write { $0.replace(with: objects, keeping: keeping) }
    }

    /// Replaces the objects of all kinds in one step. If the snapshot is empty, all of them disappear
    /// (`DisappearancePolicy`).
    public func replace(with snapshot: Snapshot) {
        // The last object of a kind may be deleted; a folder without any object is rather not mounted.
        let isEmpty = snapshot == Snapshot()
        write { state in
            state.replace(with: Array(snapshot.ingresses.values), mayDisappear: isEmpty)
            state.replace(with: Array(snapshot.ingressClasses.values), mayDisappear: isEmpty)
            state.replace(with: Array(snapshot.services.values), mayDisappear: isEmpty)
            state.replace(with: Array(snapshot.endpointSlices.values), mayDisappear: isEmpty)
        }
    }

    /// Deletes all objects of a kind that is no longer read, and marks it as synced.
    public func clear<Object: CachedObject>(_ type: Object.Type) {
        write { state in
            for old in state.snapshot[keyPath: Object.place].values { state.delete(Object.self, old.metadata) }
            state.replace(with: [Object](), mayDisappear: false)
        }
    }

    /// Treats classes that do not exist as lost: Ingresses that were served before this program started name them.
    public func keepMissing(classes names: Set<String>) {
        write { state in
            for name in names.sorted() { state.keepMissing(ObjectKey(namespace: "", name: name)) }
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
    /// - Parameter mayDisappear: whether an empty list is a loss rather than a wish.
    mutating func replace<Object: CachedObject>(
        with objects: [Object], keeping: Set<ObjectKey> = [], mayDisappear: Bool = true
    ) {
        let present = keeping.union(objects.map(\.key))
        if present.isEmpty, mayDisappear { keepAll(Object.self) }
        for place in [snapshot, spare] {
            for old in place[keyPath: Object.place].values
            where !present.contains(old.key) && !kept.contains(Object.kind, old.key) {
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
        if let new = object as? IngressClass, isLost(new.key), new.controller != policy.controller {
            return kept.keep(new.key, replacement: new, new.metadata, until: now + policy.grace)
        }
        kept.forget(Object.kind, object.key)
        let old = snapshot[keyPath: Object.place].updateValue(object, forKey: object.key)
        // Such as this program's own write of the status.
        if let old, old.isEqualApartFromBookkeeping(to: object) { return }
        note(old == nil ? .added : .modified, Object.kind, object.metadata)
    }

    mutating func delete<Object: CachedObject>(_ type: Object.Type, _ last: ObjectMeta) {
        spare[keyPath: Object.place][last.key] = nil
        if type.kind == .ingressClass, isLost(last.key) {
            return kept.keep(last.key, replacement: nil, last, until: now + policy.grace)
        }
        kept.forget(type.kind, last.key)
        guard snapshot[keyPath: Object.place].removeValue(forKey: last.key) != nil else { return }
        note(.deleted, type.kind, last)
    }

    /// Moves EndpointSlices to where they belong after the wanted Services have changed. Those that are no longer wanted
    /// are no change for the consumer, who asked for it.
    ///
    /// - Returns: true if some are wanted now that were not.
    mutating func moveSlices() -> Bool {
        for slice in snapshot.endpointSlices.values where !isWanted(slice) {
            snapshot.endpointSlices[slice.key] = nil
            changes[ObjectCache.ChangeKey(kind: .endpointSlice, key: slice.key)] = nil
            // Its source no longer has a slice that is kept.
            if kept.contains(.endpointSlice, slice.key) {
                kept.forget(.endpointSlice, slice.key)
            } else {
                spare.endpointSlices[slice.key] = slice
            }
        }
        let found = spare.endpointSlices.values.filter(isWanted)
        for slice in found { upsert(slice) }
        return !found.isEmpty
    }

    private func isWanted(_ object: some CachedObject) -> Bool {
        object.neededFor.map(endpointsWanted.contains) ?? true
    }

    mutating func keepMissing(_ key: ObjectKey) {
        guard policy.grace > .zero, snapshot.ingressClasses[key] == nil else { return }
        let metadata = ObjectMeta(name: key.name)
        snapshot.ingressClasses[key] = IngressClass(metadata: metadata, controller: policy.controller)
        kept.keep(key, replacement: nil, metadata, until: now + policy.grace)
    }

    /// Removes the objects whose grace period is over.
    mutating func expire() {
        let over = kept.expire(now)
        for (kind, list) in over.lists {
            switch kind {
            case .ingress: remove(Ingress.self, list.keys)
            case .ingressClass: remove(IngressClass.self, list.keys)
            case .service: remove(Service.self, list.keys)
            case .endpointSlice: remove(EndpointSlice.self, list.keys)
            }
        }
        for (key, kept) in over.classes {
            snapshot.ingressClasses[key] = kept.replacement
            note(kept.replacement == nil ? .deleted : .modified, .ingressClass, kept.metadata)
        }
    }

    private mutating func remove<Object: CachedObject>(_ type: Object.Type, _ keys: Set<ObjectKey>) {
        for key in keys {
            guard let old = snapshot[keyPath: Object.place].removeValue(forKey: key) else { continue }
            note(.deleted, Object.kind, old.metadata)
        }
    }

    /// Keeps all objects of a kind. Classes are kept one by one when they are deleted.
    private mutating func keepAll<Object: CachedObject>(_ type: Object.Type) {
        guard policy.grace > .zero, type.kind != .ingressClass else { return }
        kept.keep(type.kind, Set(snapshot[keyPath: Object.place].keys), until: now + policy.grace)
    }

    /// True if the class belongs to this program, so that its end would be a loss.
    private func isLost(_ key: ObjectKey) -> Bool {
        policy.grace > .zero && snapshot.ingressClasses[key]?.controller == policy.controller
    }

    private mutating func note(_ verb: Change.Verb, _ kind: ObjectKind, _ metadata: ObjectMeta) {
        let key = ObjectCache.ChangeKey(kind: kind, key: metadata.key)
        let change = Change(
            kind: kind, key: metadata.key, verb: verb, resourceVersion: metadata.resourceVersion,
            lastWriter: metadata.lastWriter)
        if kind == .service, servicesWanted?.contains(metadata.key) == false {
            unwantedChanges[key] = change.merged(after: unwantedChanges[key])
        } else {
            changedNamespaces.insert(metadata.namespace)
            changes[key] = change.merged(after: changes[key])
        }
    }

    /// Makes the change of a Service that was not in use one for the consumer.
    mutating func report(_ key: ObjectCache.ChangeKey, _ change: Change) {
        unwantedChanges[key] = nil
        changedNamespaces.insert(key.key.namespace)
        changes[key] = change.merged(after: changes[key])
    }
}

extension Change {
    /// Both changes as one; nil if there is no change left.
    fileprivate func merged(after earlier: Change?) -> Change? {
        var merged = self
        switch (earlier?.verb, verb) {
        case (.added, .deleted): return nil
        case (.added, _): merged.verb = .added
        case (.deleted, .added): merged.verb = .modified
        default: break
        }
        return merged
    }
}

extension CachedObject {
    fileprivate func isEqualApartFromBookkeeping(to other: Self) -> Bool {
        var twin = other
        twin.takeBookkeeping(of: self)
        return twin == self
    }
}
