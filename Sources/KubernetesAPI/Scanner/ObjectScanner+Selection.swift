extension ObjectScanner {
    /// What happens to a value.
    enum Selection: Equatable {
        /// An object of the response.
        case item
        case copy
        case drop
        /// Stored as this JSON text.
        case replace(String)
        /// Copied, and part of the object's identity.
        case identity(WritableKeyPath<ScannedObject, [UInt8]>)
        /// Each member is selected by itself.
        case descend(Level)

        /// The members that are selected by themselves.
        var level: Level? {
            switch self {
            case .item: .object
            case .descend(let level): level
            default: nil
            }
        }
    }

    /// What happens to the value that begins, by its place.
    func selection() -> Selection {
        guard let container = containers.last else { return shape == .object ? .item : .descend(.response) }
        let key = container.key.count > Self.maximumKeyBytes ? "" : String(decoding: container.key, as: UTF8.self)
        switch (container.level, key) {
        case (.response, "items") where shape == .list: return .descend(.items)
        case (.response, "object") where shape == .watchEvent: return .item
        case (.response, _): return .copy
        case (.items, _): return .item
        case (.object, "metadata"): return .descend(.metadata)
        case (.object, _): return .copy
        case (.metadata, "name"): return .identity(\.name)
        case (.metadata, "namespace"): return .identity(\.namespace)
        case (.metadata, "resourceVersion"): return .identity(\.resourceVersion)
        case (.metadata, "uid"), (.metadata, "creationTimestamp"): return .copy
        case (.metadata, "labels"): return .descend(.labels)
        case (.metadata, "annotations"): return .descend(.annotations)
        case (.metadata, "managedFields"): return .descend(.managedFields)
        case (.labels, _): return filter.labels(key) ? .copy : .drop
        case (.annotations, _): return filter.annotations(key) ? .copy : .drop
        case (.managedFields, _): return .descend(.managedFieldsEntry)
        case (.managedFieldsEntry, "manager"), (.managedFieldsEntry, "subresource"), (.managedFieldsEntry, "time"):
            return .copy
        case (.managedFieldsEntry, "fieldsV1"): return .descend(.fields)
        // The only field of which the owner matters: who wrote the addresses of an Ingress.
        case (.fields, "f:status"): return .descend(.statusFields)
        case (.statusFields, "f:loadBalancer"): return .descend(.loadBalancerFields)
        case (.loadBalancerFields, "f:ingress"): return .replace("{}")
        case (.metadata, _), (.managedFieldsEntry, _), (.fields, _), (.statusFields, _), (.loadBalancerFields, _):
            return .drop
        }
    }

    mutating func store(_ bytes: some Collection<UInt8>, of value: ScannedValue) {
        guard value.isStored else { return }
        store(bytes)
        if let identity = value.identity, item?[keyPath: identity].count ?? 0 < Self.maximumKeyBytes {
            item?[keyPath: identity].append(contentsOf: bytes)
        }
    }

    /// Stores bytes in the current object, or in the envelope outside of one.
    mutating func store(_ bytes: some Collection<UInt8>) {
        guard let stored = item?.json.count else {
            // A larger envelope is cut off, and therefore not decodable.
            envelope.append(contentsOf: bytes.prefix(Self.maximumEnvelopeBytes - envelope.count))
            return
        }
        if stored + bytes.count > maximumItemBytes { item?.isTooLarge = true }
        item?.json.append(contentsOf: bytes.prefix(maximumItemBytes - stored))
    }

    mutating func endItem() {
        if let item { items.append(item) }
        item = nil
    }
}
