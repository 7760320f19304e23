internal import Glibc
public import Logging
public import NginxConfig

/// Applies a rendered configuration: *write → test → swap → reload → verify*. If a step fails, the previous generation
/// is restored.
///
/// For one caller at a time: the reconciliation loop.
public struct Reloader: Sendable {
    /// Reads the number of the live generation from the unix socket; nil if there is no answer.
    public typealias Probe = @Sendable () async -> Int?
    /// Performs a TLS handshake for a host: its name, or `*.` and the name of the parent. Returns what is wrong; nil if nginx
    /// presents the certificate, whose PEM is given.
    public typealias Handshake = @Sendable (_ name: String, _ leaf: [UInt8]) async -> String?

    private let binary: NginxBinary
    private let state: StateDirectory
    let store: GenerationStore
    private let master: NginxMaster
    private let describer: GenerationDescriber
    private let probe: Probe
    let handshake: Handshake
    private let marker: @Sendable (Int) -> String
    private let timeout: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - describer: nil for an own one, which describes each generation at once until that takes long.
    ///   - timeout: how long nginx may take to answer with the new generation.
    ///   - marker: the text of the marker file for the number of a generation.
    public init(
        binary: NginxBinary, state: StateDirectory, store: GenerationStore, describer: GenerationDescriber? = nil,
        master: NginxMaster,
        timeout: Duration, logger: Logger, marker: @escaping @Sendable (Int) -> String, probe: @escaping Probe,
        handshake: @escaping Handshake = { _, _ in nil }
    ) {
        self.handshake = handshake
        self.binary = binary
        self.state = state
        self.store = store
        self.describer = describer ?? GenerationDescriber(store: store, logger: logger)
        self.master = master
        self.timeout = timeout
        self.logger = logger
        self.probe = probe
        self.marker = marker
    }

    /// Serves the live generation of an earlier run, or the newest earlier one that nginx can serve.
    ///
    /// - Returns: the generation that is live now; nil if there is none.
    public func resume() async -> Generation? {
        // An orphaned nginx may serve a generation whose folder is gone.
        if let number = await probe() { await store.skip(to: number) }
        let last = await store.current()
        for generation in await store.candidates() {
            let problem: String?
            switch await binary.test(generation, state: state, within: timeout) {
            case .accepted:
                do throws(FileError) {
                    if let rendered = try? await store.rendered(generation) {
                        try await store.link(rendered.configuration.linkedCertificates)
                    }
                    try await store.activate(generation)
                    switch await reloadAndVerify(generation) {
                    case .live:
                        logger.info(
                            "serving generation of the last run", metadata: ["generation": "\(generation.number)"])
                        return generation
                    case .rejected(let message):
                        // The generation passes `nginx -t`, so the cause is not its content, and an older one would
                        // fail too.
                        warn(generation, message)
                        return nil
                    case .unresponsive(let message): problem = message
                    }
                } catch {
                    problem = error.description
                }
            case .rejected(let message), .exhausted(let message), .unknown(let message): problem = message
            }
            if Task.isCancelled { return nil }
            warn(generation, problem ?? "")
        }
        if let last { try? await store.activate(last) }
        return nil
    }

    private func warn(_ generation: Generation, _ problem: String) {
        logger.error(
            "cannot serve generation of the last run",
            metadata: ["generation": "\(generation.number)", "error": "\(problem)"])
    }

    /// Tests a configuration that is not to be served.
    ///
    /// - Returns: nginx's message if it rejects the configuration; nil if it accepts it, or if the test could not be
    ///   run.
    public func dryRun(_ rendered: RenderedConfiguration) async -> String? {
        guard let dryRun = try? await store.writeDryRun(rendered, marker: marker),
            case .rejected(let message) = await binary.test(dryRun, state: state, within: timeout)
        else { return nil }
        return message
    }

    /// Writes, tests and activates a configuration, reloads nginx and verifies the result. If nginx does not serve it,
    /// the previous generation is restored.
    public func apply(_ rendered: RenderedConfiguration) async -> ReloadAttempt {
        let clock = ContinuousClock()
        var attempt = ReloadAttempt(generation: nil, result: .applied, test: .zero, reload: .zero)
        do throws(FileError) {
            let previous = await store.current()
            let generation = try await store.write(rendered, marker: marker)
            attempt.generation = generation.number
            var verdict = NginxBinary.Verdict.accepted
            attempt.test = await clock.measure {
                verdict = await binary.test(generation, state: state, within: timeout)
            }
            switch verdict {
            case .accepted:
                try await store.link(rendered.configuration.linkedCertificates)
                try await store.activate(generation)
                var outcome = Outcome.live
                attempt.reload = await clock.measure { outcome = await reloadAndVerify(generation) }
                if let problem = outcome.problem {
                    attempt.result = .failed(problem + (await rollBack(to: previous, after: outcome) ?? ""))
                }
            case .rejected(let problem): attempt.result = .rejected(problem)
            case .exhausted(let problem): attempt.result = .exhausted(problem)
            case .unknown(let problem): attempt.result = .failed(problem)
            }
            await describer.describe(generation, rendered)
        } catch {
            attempt.result = .failed(error.description)
        }
        do throws(FileError) {
            try await store.prune()
        } catch {
            logger.warning("cannot remove old generations", metadata: ["error": "\(error)"])
        }
        return attempt
    }

    /// - Returns: nil if nginx serves the previous generation again, else a text to append to the problem.
    private func rollBack(to previous: Generation?, after outcome: Outcome) async -> String? {
        do throws(FileError) {
            guard let previous else {
                try await store.deactivate()
                return nil
            }
            try await store.activate(previous)
            if Task.isCancelled { return nil }
            // An unresponsive master would not handle another signal.
            if case .unresponsive = outcome { master.replace() }
            guard let problem = await reloadAndVerify(previous).problem else { return nil }
            return "; generation \(previous.number) is not restored: \(problem)"
        } catch {
            return "; the previous generation is not restored: \(error)"
        }
    }

    private enum Outcome {
        /// The socket answers with the generation's number.
        case live
        /// nginx wrote why it does not serve the generation.
        case rejected(String)
        /// nginx did not answer within the timeout.
        case unresponsive(String)

        var problem: String? {
            switch self {
            case .live: nil
            case .rejected(let problem), .unresponsive(let problem): problem
            }
        }
    }

    private func reloadAndVerify(_ generation: Generation) async -> Outcome {
        let log = EmergencyLog(state: state)
        log.clear()
        let exits = master.unexpectedExits
        let deadline = ContinuousClock.now + timeout
        master.endOldWorkers()
        master.reload()
        while ContinuousClock.now < deadline {
            if await probe() == generation.number {
                // nginx creates the socket with access for everyone (ngx_open_listening_sockets). The folder protects
                // it too.
                chmod(state.socket.text, 0o600)
                return .live
            }
            // A master that exits without a message is restarted, and may still serve the generation.
            if master.unexpectedExits > exits, let message = log.message { return .rejected(message) }
            do { try await Task.sleep(for: .milliseconds(3)) } catch { return .rejected("interrupted by shutdown") }
        }
        if let message = log.message { return .rejected(message) }
        return .unresponsive("nginx did not answer with generation \(generation.number) within \(timeout)")
    }
}

/// One attempt to change what nginx serves.
public struct ReloadAttempt: Sendable, Equatable {
    public enum Result: Sendable, Equatable {
        /// nginx answers with the new generation.
        case applied
        /// `nginx -t` rejected it; nothing changed.
        case rejected(String)
        /// `nginx -t` lacked time or memory; nothing changed.
        case exhausted(String)
        /// It could not be written, or nginx did not apply it; the previous generation was restored.
        case failed(String)
    }

    /// Nil if no folder could be written.
    public var generation: Int?
    public var result: Result
    /// The duration of `nginx -t`.
    public var test: Duration
    /// The time from the signal to the answer with the new number.
    public var reload: Duration

    public init(generation: Int?, result: Result, test: Duration, reload: Duration) {
        self.generation = generation
        self.result = result
        self.test = test
        self.reload = reload
    }
}
