internal import Basics
public import KubernetesAPI

public import struct Foundation.Date

/// A core/v1 Event, which `kubectl describe` shows.
public struct Event: Sendable, Equatable {
    /// The object of the Event (core/v1 ObjectReference). The Event is in its namespace.
    public struct Regarding: Sendable, Hashable {
        public var apiVersion: String
        public var kind: ObjectKind
        public var key: ObjectKey
        public var uid: String

        public init(apiVersion: String, kind: ObjectKind, key: ObjectKey, uid: String) {
            self.apiVersion = apiVersion
            self.kind = kind
            self.key = key
            self.uid = uid
        }
    }

    public enum Severity: String, Sendable, Encodable {
        case normal = "Normal"
        case warning = "Warning"
    }

    public var regarding: Regarding
    public var severity: Severity
    /// One word in CamelCase.
    public var reason: String
    /// At most 1024 bytes (events.k8s.io/v1, `note`).
    public var message: String
    public var time: Date
    /// The replica that writes the Event.
    public var host: String

    public init(
        regarding: Regarding, severity: Severity, reason: String, message: String, time: Date, host: String
    ) {
        self.regarding = regarding
        self.severity = severity
        self.reason = reason
        self.message = message
        self.time = time
        self.host = host
    }

    /// Depends on object, reason and message only, so that a replica finds the Event that another has written.
    /// `<object's name>.<hash>`: a DNS subdomain of at most 253 characters (RFC 1123).
    public var key: ObjectKey {
        let hash = FNV1a.hash(Array("\(regarding.uid)\0\(reason)\0\(message)".utf8))
        var prefix = regarding.key.name.prefix(253 - 1 - 16)
        while let last = prefix.last, last == "-" || last == "." { prefix.removeLast() }
        return ObjectKey(namespace: regarding.key.namespace, name: "\(prefix).\(hash)")
    }
}

/// The occurrences of an Event: their number and the last time.
public struct EventOccurrence: Sendable, Equatable {
    public var count: Int
    /// To the second.
    public var last: Date
    public var resourceVersion: String

    public init(count: Int, last: Date, resourceVersion: String) {
        self.count = count
        self.last = last
        self.resourceVersion = resourceVersion
    }
}
