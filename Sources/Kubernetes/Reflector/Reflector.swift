internal import Basics
internal import KubernetesAPI
internal import Logging

/// Keeps one kind of object in a cache equal to the cluster: performs the requests that `ReflectorMachine` decides.
struct Reflector<Source: ListWatch, Time: Clock<Duration>>: Sendable {
    typealias Machine = ReflectorMachine<Source.Object>

    let source: Source
    let cache: ObjectCache
    let clock: Time
    /// In 0..<1.
    let random: @Sendable () -> Double
    let logger: Logger

    /// Runs until cancelled.
    func run() async {
        let start = clock.now
        func now() -> Duration { start.duration(to: clock.now) }
        var machine = Machine()
        func take(_ input: Machine.Input) {
            let step = machine.step(input, now: now(), random: random())
            log(input, next: step.next)
            note(input, next: step.next)
            apply(step.effect)
            machine = step.next
        }

        while !Task.isCancelled {
            switch machine.request(random: random()) {
            case .list(let request):
                do throws(KubernetesError) {
                    take(.page(try await source.list(request)))
                } catch {
                    take(.failed(error))
                }
            case .watch(let request):
                let opened = now()
                var events = 0
                do throws(KubernetesError) {
                    try await source.watch(request) { event in
                        events += 1
                        take(.event(event))
                        return machine.isWatching
                    }
                    if machine.isWatching { take(.ended(after: now() - opened, events: events)) }
                } catch {
                    if machine.isWatching { take(.failed(error)) }
                }
            case .wait(let duration):
                // Cancellation ends the sleep; the loop checks it next.
                try? await clock.sleep(for: duration)
                take(.waited)
            }
        }
    }

    private func note(_ input: Machine.Input, next: Machine) {
        switch input {
        case .page where next.isWatching: cache.activity.listed(Source.Object.kind, at: .now)
        case .event: cache.activity.received(Source.Object.kind, at: .now)
        case .page, .ended, .failed, .waited: break
        }
    }

    private func apply(_ effect: Machine.Effect?) {
        switch effect {
        case .replace(let list): cache.replace(with: list.objects, keeping: list.undecodable)
        case .upsert(let object): cache.upsert(object)
        case .delete(let last): cache.delete(Source.Object.self, last)
        case nil: break
        }
    }
}

extension Reflector {
    private func log(_ input: Machine.Input, next: Machine) {
        switch input {
        case .page(let page):
            for case .undecodable(let object) in page.items { log(object) }
            if next.isWatching {
                logger.debug("list complete", metadata: ["resource_version": "\(page.resourceVersion)"])
            }
        case .event(.undecodable(let object)):
            log(object)
        case .event(.error(let status)):
            logger.info("watch ended by server", metadata: ["error": "\(status.code) \(status.message)"])
        case .event(.unknown(let type)):
            logger.debug("watch event of unknown type ignored", metadata: ["event_type": "\(type)"])
        case .failed(let error):
            guard error.code != .cancelled else { return }
            if case .waiting(let duration, _) = next.state {
                logger.warning(
                    "list or watch failed", metadata: ["error": "\(error)", "retry_in": "\(duration.inLog)"])
            } else {
                logger.info("resource version expired, listing again", metadata: ["error": "\(error)"])
            }
        case .ended, .waited, .event:
            break
        }
    }

    private func log(_ object: DecodedObject<Source.Object>.Undecodable) {
        logger.error(
            "cannot decode object, skipping it",
            metadata: [
                "kind": "\(Source.Object.kind.rawValue)", "object": "\(object.key)", "error": "\(object.problem)",
            ])
    }
}
