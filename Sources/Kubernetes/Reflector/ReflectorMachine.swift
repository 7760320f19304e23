internal import KubernetesAPI

/// The state machine of a `Reflector` (see client-go's Reflector and kube-rs' watcher): inputs in, requests and effects
/// out.
struct ReflectorMachine<Object: CachedObject> {
    enum State {
        /// The first page of a list.
        case listing(from: String)
        /// A further page; `list` contains the pages before.
        case paging(next: String, list: Listed, from: String)
        /// A list without limit, after a paged list has expired.
        case listingWhole(from: String)
        case watching(from: String)
        indirect case waiting(Duration, then: State)
    }

    /// What the pages of a list contain.
    struct Listed {
        var objects: [Object] = []
        /// The objects that cannot be decoded. Their last good state stays, as in a watch.
        var undecodable: Set<ObjectKey> = []
    }

    enum Input {
        case page(ObjectList<Object>)
        case event(WatchEvent<Object>)
        /// The stream ended regularly.
        case ended(after: Duration, events: Int)
        case failed(KubernetesError)
        case waited
    }

    /// A change of the cache, which must be applied before the next step.
    enum Effect {
        case replace(Listed)
        case upsert(Object)
        case delete(ObjectMeta)
    }

    private(set) var state = State.listing(from: "0")
    private var backoff = Backoff()
    /// The number of watches in a row whose version had expired, without an event in between.
    private var expiries = 0

    var isWatching: Bool {
        if case .watching = state { true } else { false }
    }

    /// - Parameters:
    ///   - now: the time of a monotonic clock.
    ///   - random: in 0..<1.
    func step(_ input: Input, now: Duration, random: Double) -> (next: ReflectorMachine, effect: Effect?) {
        var next = self
        let effect = next.take(input, now: now, random: random)
        return (next, effect)
    }

    private mutating func take(_ input: Input, now: Duration, random: Double) -> Effect? {
        switch (input, state) {
        case (.page(let page), .listing(let from)), (.page(let page), .listingWhole(let from)):
            return take(page, after: Listed(), from: from)
        case (.page(let page), .paging(_, let list, let from)):
            return take(page, after: list, from: from)
        case (.event(let event), .watching):
            return take(event, now: now, random: random)
        case (.ended(let lasted, let events), .watching):
            if lasted < .seconds(1), events == 0 {
                wait(then: state, now: now, random: random)
            } else {
                expiries = 0
            }
        case (.failed(let error), _):
            fail(error, now: now, random: random)
        case (.waited, .waiting(_, let then)):
            state = then
        case (.page, _), (.event, _), (.ended, _), (.waited, _):
            // Does not belong to the current request.
            break
        }
        return nil
    }

    private mutating func take(_ page: ObjectList<Object>, after earlier: Listed, from: String) -> Effect? {
        var list = earlier
        for item in page.items {
            switch item {
            case .object(let object): list.objects.append(object)
            case .undecodable(let object): list.undecodable.insert(object.key)
            }
        }
        if let next = page.next {
            state = .paging(next: next, list: list, from: from)
            return nil
        }
        state = .watching(from: page.resourceVersion)
        return .replace(list)
    }

    private mutating func take(_ event: WatchEvent<Object>, now: Duration, random: Double) -> Effect? {
        switch event {
        case .upsert(let object):
            move(to: object.metadata.resourceVersion)
            return .upsert(object)
        case .delete(let last):
            move(to: last.resourceVersion)
            return .delete(last)
        case .bookmark(let resourceVersion):
            move(to: resourceVersion)
        case .undecodable(let object):
            move(to: object.resourceVersion)
        case .error(let status):
            fail(
                KubernetesError(.rejected(status), status.message, retryAfter: status.retryAfter), now: now,
                random: random)
        case .unknown:
            break
        }
        return nil
    }

    /// Without effect on the state if the version could not be decoded; the next event has one.
    private mutating func move(to resourceVersion: String) {
        expiries = 0
        if !resourceVersion.isEmpty { state = .watching(from: resourceVersion) }
    }

    private mutating func fail(_ error: KubernetesError, now: Duration, random: Double) {
        let isExpired = error.status?.isExpired ?? false
        let isTooLarge = error.status?.isTooLargeResourceVersion ?? false
        switch state {
        case .paging(_, _, let from) where isExpired:
            state = .listingWhole(from: from)
        case .listing(let from) where (isExpired || isTooLarge) && !from.isEmpty,
            .listingWhole(let from) where (isExpired || isTooLarge) && !from.isEmpty:
            state = .listing(from: "")
        case .watching(let from) where isExpired || isTooLarge:
            expiries += 1
            // First not older than the last version, which the server may have cached; then the newest, and with
            // backoff if that expires too.
            state = .listing(from: expiries == 1 && !isTooLarge ? from : "")
            if expiries > 2 { wait(then: state, now: now, random: random) }
        default:
            wait(then: state, now: now, random: random, atLeast: error.retryAfter)
        }
    }

    private mutating func wait(then: State, now: Duration, random: Double, atLeast: Duration? = nil) {
        let duration = backoff.next(now: now, random: random)
        state = .waiting(max(duration, atLeast ?? .zero), then: then)
    }
}
