internal import KubernetesAPI

/// What a `Reflector` does next, as a pure function of what happened (client-go's Reflector, kube-rs' watcher).
struct ReflectorMachine<Object: CachedObject> {
    enum State {
        /// The first page of a list.
        case listing(from: String)
        /// A further page; `items` are those read so far.
        case paging(next: String, items: [Object], from: String)
        /// One list without limit, after the rest of a paged one expired.
        case listingWhole(from: String)
        case watching(from: String)
        indirect case waiting(Duration, then: State)
    }

    enum Input {
        case page(ObjectList<Object>)
        case event(WatchEvent<Object>)
        /// The stream ended in good order.
        case ended(after: Duration, events: Int)
        case failed(KubernetesError)
        case waited
    }

    /// What must happen to the store before the machine moves on.
    enum Effect {
        case replace([Object])
        case upsert(Object)
        case delete(ObjectMeta)
    }

    private(set) var state = State.listing(from: "0")
    private var backoff = Backoff()
    /// Watches in a row that were told their version is no longer usable, with nothing received in between.
    private var expiries = 0

    var isWatching: Bool {
        if case .watching = state { true } else { false }
    }

    /// - Parameters:
    ///   - now: on a clock that never goes back.
    ///   - random: in 0..<1.
    func step(_ input: Input, now: Duration, random: Double) -> (next: ReflectorMachine, effect: Effect?) {
        var next = self
        let effect = next.take(input, now: now, random: random)
        return (next, effect)
    }

    private mutating func take(_ input: Input, now: Duration, random: Double) -> Effect? {
        switch (input, state) {
        case (.page(let page), .listing(let from)), (.page(let page), .listingWhole(let from)):
            return take(page, after: [], from: from)
        case (.page(let page), .paging(_, let items, let from)):
            return take(page, after: items, from: from)
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
            // Nothing of the kind was asked for.
            break
        }
        return nil
    }

    private mutating func take(_ page: ObjectList<Object>, after items: [Object], from: String) -> Effect? {
        let items =
            items
            + page.items.compactMap { item in
                if case .object(let object) = item { object } else { nil }
            }
        if let next = page.next {
            state = .paging(next: next, items: items, from: from)
            return nil
        }
        state = .watching(from: page.resourceVersion)
        return .replace(items)
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
                KubernetesError(.refused(status), status.message, retryAfter: status.retryAfter), now: now,
                random: random)
        case .unknown:
            break
        }
        return nil
    }

    /// An object whose version could not be read moves nothing: the next event will.
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
            // The last version first: it may be served from the server's memory. Where that did not help, the newest;
            // and where even that expires again at once, without haste.
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
