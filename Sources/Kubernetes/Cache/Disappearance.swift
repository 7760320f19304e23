public import KubernetesAPI

/// The rule for a sudden loss of objects: an IngressClass that disappears, or an empty list after one with objects.
/// Either is more often a mistake or a fault (a restored etcd, an unmounted folder, an uninstalled chart) than a wish, and
/// would take every host away at once.
public struct DisappearancePolicy: Sendable, Equatable {
    /// How long the objects are kept; zero turns the rule off.
    public var grace: Duration
    /// The `spec.controller` of the classes that concern this program. Others disappear at once.
    public var controller: String

    public init(grace: Duration, controller: String) {
        self.grace = grace
        self.controller = controller
    }

    public static let off = DisappearancePolicy(grace: .zero, controller: "")
}

/// Objects that their source no longer has, and that are kept for the grace period.
public struct Disappearance: Sendable, Equatable {
    public var kind: ObjectKind
    /// The name of the class; nil if all objects of the kind have disappeared.
    public var name: String?
    /// The number of objects that are kept.
    public var objects: Int
    /// When they are removed, unless they return.
    public var until: ContinuousClock.Instant

    public init(kind: ObjectKind, name: String?, objects: Int, until: ContinuousClock.Instant) {
        self.kind = kind
        self.name = name
        self.objects = objects
        self.until = until
    }
}

/// The objects that the cache keeps although their source no longer has them. Pure: time is passed in.
struct KeptObjects: Equatable {
    typealias Instant = ContinuousClock.Instant

    struct List: Equatable {
        var keys: Set<ObjectKey>
        var until: Instant
    }

    struct Class: Equatable {
        /// The class as it is now, if it still exists: it belongs to another controller.
        var replacement: IngressClass?
        /// Its last metadata.
        var metadata: ObjectMeta
        var until: Instant
    }

    private(set) var lists: [ObjectKind: List] = [:]
    private(set) var classes: [ObjectKey: Class] = [:]

    /// An empty list has come. Objects that are kept already keep their time.
    mutating func keep(_ kind: ObjectKind, _ keys: Set<ObjectKey>, until: Instant) {
        guard !keys.isEmpty else { return }
        lists[kind] = List(keys: keys, until: lists[kind]?.until ?? until)
    }

    /// A class is gone, or belongs to another controller.
    mutating func keep(_ key: ObjectKey, replacement: IngressClass?, _ metadata: ObjectMeta, until: Instant) {
        classes[key] = Class(
            replacement: replacement, metadata: metadata, until: classes[key]?.until ?? until)
    }

    func contains(_ kind: ObjectKind, _ key: ObjectKey) -> Bool { lists[kind]?.keys.contains(key) == true }

    /// The object has returned, or was deleted.
    mutating func forget(_ kind: ObjectKind, _ key: ObjectKey) {
        if kind == .ingressClass { classes[key] = nil }
        guard lists[kind]?.keys.remove(key) != nil, lists[kind]?.keys.isEmpty == true else { return }
        lists[kind] = nil
    }

    /// Forgets what is kept no longer.
    mutating func expire(_ now: Instant) -> (lists: [ObjectKind: List], classes: [ObjectKey: Class]) {
        let over = (lists.filter { $0.value.until <= now }, classes.filter { $0.value.until <= now })
        for kind in over.0.keys { lists[kind] = nil }
        for key in over.1.keys { classes[key] = nil }
        return over
    }

    /// When the next objects expire; nil if none are kept.
    var next: Instant? { (lists.values.map(\.until) + classes.values.map(\.until)).min() }

    /// Sorted by kind and name.
    var list: [Disappearance] {
        (lists.map { Disappearance(kind: $0.key, name: nil, objects: $0.value.keys.count, until: $0.value.until) }
            + classes.map { Disappearance(kind: .ingressClass, name: $0.key.name, objects: 1, until: $0.value.until) })
            .sorted { ($0.kind.rawValue, $0.name ?? "") < ($1.kind.rawValue, $1.name ?? "") }
    }
}
