public import struct Foundation.Date

/// The part of `metadata` that this program uses (k8s API: meta/v1 ObjectMeta).
public struct ObjectMeta: Sendable, Equatable {
    public var name: String
    /// Empty for cluster-scoped objects.
    public var namespace: String
    public var uid: String
    /// Opaque: compare for equality only.
    public var resourceVersion: String
    public var creationTimestamp: Date
    public var labels: [String: String]
    public var annotations: [String: String]
    /// The last writer according to `managedFields`, without this program and without writes of the status.
    public var lastWriter: LastWriter?

    public var key: ObjectKey { ObjectKey(namespace: namespace, name: name) }

    public struct LastWriter: Sendable, Equatable {
        public var manager: String
        public var time: Date?

        public init(manager: String, time: Date?) {
            self.manager = manager
            self.time = time
        }
    }

    public init(
        name: String, namespace: String = "", uid: String = "", resourceVersion: String = "",
        creationTimestamp: Date = Date(timeIntervalSince1970: 0), labels: [String: String] = [:],
        annotations: [String: String] = [:], lastWriter: LastWriter? = nil
    ) {
        self.name = name
        self.namespace = namespace
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.creationTimestamp = creationTimestamp
        self.labels = labels
        self.annotations = annotations
        self.lastWriter = lastWriter
    }
}

/// The namespace and name of an object, which identify it among the objects of its kind.
public struct ObjectKey: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public var namespace: String
    public var name: String

    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// `namespace/name`; for a cluster-scoped object, its name.
    public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }
}
