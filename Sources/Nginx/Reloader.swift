internal import Glibc
public import Logging
public import NginxConfig

/// Takes a rendered configuration to traffic: *write → test → swap → reload → verify*, and back where that fails.
///
/// For one caller at a time: the controller's loop.
public struct Reloader: Sendable {
    /// Asks the unix socket which generation is live; nil when nothing answers.
    public typealias Probe = @Sendable () async -> Int?

    private let binary: NginxBinary
    private let state: StateDirectory
    private let store: GenerationStore
    private let master: NginxMaster
    private let probe: Probe
    private let timeout: Duration
    private let logger: Logger

    /// - Parameter timeout: how long nginx may take to answer with the new generation.
    public init(
        binary: NginxBinary, state: StateDirectory, store: GenerationStore, master: NginxMaster,
        timeout: Duration, logger: Logger, probe: @escaping Probe
    ) {
        self.binary = binary
        self.state = state
        self.store = store
        self.master = master
        self.timeout = timeout
        self.logger = logger
        self.probe = probe
    }

    /// Serves what an earlier run left as live, or the newest generation before it that still can be served.
    ///
    /// - Returns: the generation that is live now; nil when there is none.
    public func resume() async -> Generation? {
        // An nginx that was left behind may serve one whose folder is gone.
        if let number = await probe() { await store.skip(to: number) }
        let last = await store.current()
        for generation in await store.candidates() {
            let problem: String?
            switch await binary.test(generation, state: state, within: timeout) {
            case .accepted:
                do throws(FileError) {
                    try await store.activate(generation)
                    switch await reloadAndVerify(generation) {
                    case .live:
                        logger.info(
                            "serving the generation of the last run", metadata: ["generation": "\(generation.number)"])
                        return generation
                    case .refused(let words):
                        // It passes the test: an older one would fare no better.
                        warn(generation, words)
                        return nil
                    case .silent(let words): problem = words
                    }
                } catch {
                    problem = error.description
                }
            case .rejected(let words), .unknown(let words): problem = words
            }
            if Task.isCancelled { return nil }
            warn(generation, problem ?? "")
        }
        if let last { try? await store.activate(last) }
        return nil
    }

    private func warn(_ generation: Generation, _ problem: String) {
        logger.error(
            "a generation of the last run is not usable",
            metadata: ["generation": "\(generation.number)", "error": "\(problem)"])
    }

    /// Tests a configuration that is not to be served.
    ///
    /// - Returns: nginx's own words where it refuses it; nil where it accepts it, and where it could not be asked.
    public func trial(_ files: ConfigurationFiles, marker: @Sendable (Int) -> String) async -> String? {
        guard let trial = try? await store.writeTrial(files, marker: marker),
            case .rejected(let words) = await binary.test(trial, state: state, within: timeout)
        else { return nil }
        return words
    }

    /// - Parameter marker: the text of the marker file for a generation's number.
    public func apply(_ files: ConfigurationFiles, marker: @Sendable (Int) -> String) async -> ReloadAttempt {
        let clock = ContinuousClock()
        var attempt = ReloadAttempt(generation: nil, result: .applied, test: .zero, reload: .zero)
        do throws(FileError) {
            let previous = await store.current()
            let generation = try await store.write(files, marker: marker)
            attempt.generation = generation.number
            var verdict = NginxBinary.Verdict.accepted
            attempt.test = await clock.measure {
                verdict = await binary.test(generation, state: state, within: timeout)
            }
            switch verdict {
            case .accepted:
                try await store.activate(generation)
                var outcome = Outcome.live
                attempt.reload = await clock.measure { outcome = await reloadAndVerify(generation) }
                if let problem = outcome.problem {
                    attempt.result = .failed(problem + (await rollBack(to: previous, after: outcome) ?? ""))
                }
            case .rejected(let problem): attempt.result = .rejected(problem)
            case .unknown(let problem): attempt.result = .failed(problem)
            }
        } catch {
            attempt.result = .failed(error.description)
        }
        do throws(FileError) {
            try await store.prune()
        } catch {
            logger.warning("old generations are not removed", metadata: ["error": "\(error)"])
        }
        return attempt
    }

    /// - Returns: nil once nginx answers with the previous generation, else what is to be added to the reason.
    private func rollBack(to previous: Generation?, after outcome: Outcome) async -> String? {
        do throws(FileError) {
            guard let previous else {
                try await store.deactivate()
                return nil
            }
            try await store.activate(previous)
            if Task.isCancelled { return nil }
            // One that said nothing in all that time would not hear this either.
            if case .silent = outcome { master.replace() }
            guard let problem = await reloadAndVerify(previous).problem else { return nil }
            return "; generation \(previous.number) is not back: \(problem)"
        } catch {
            return "; the generation before it is not back: \(error)"
        }
    }

    private enum Outcome {
        /// The socket answers with the generation's number.
        case live
        /// nginx said why not.
        case refused(String)
        /// Time was over.
        case silent(String)

        var problem: String? {
            switch self {
            case .live: nil
            case .refused(let problem), .silent(let problem): problem
            }
        }
    }

    private func reloadAndVerify(_ generation: Generation) async -> Outcome {
        let log = EmergencyLog(state: state)
        log.clear()
        let exits = master.unexpectedExits
        let deadline = ContinuousClock.now + timeout
        master.reload()
        while ContinuousClock.now < deadline {
            if await probe() == generation.number {
                // nginx opens it to everybody (ngx_open_listening_sockets); the folder is closed, this is the second lock.
                chmod(state.socket.text, 0o600)
                return .live
            }
            // One that merely died is started again, and may take the generation yet.
            if master.unexpectedExits > exits, let words = log.message { return .refused(words) }
            do { try await Task.sleep(for: .milliseconds(3)) } catch { return .refused("interrupted") }
        }
        if let words = log.message { return .refused(words) }
        return .silent("nginx did not answer with generation \(generation.number) within \(timeout)")
    }
}

/// One attempt to change what nginx serves.
public struct ReloadAttempt: Sendable, Equatable {
    public enum Result: Sendable, Equatable {
        /// nginx answers with the new generation.
        case applied
        /// `nginx -t` refused it; nothing changed.
        case rejected(String)
        /// It could not be written, or nginx did not take it; the previous generation was put back.
        case failed(String)
    }

    /// Nil when not even a folder could be written.
    public var generation: Int?
    public var result: Result
    /// How long `nginx -t` took.
    public var test: Duration
    /// From the signal to the answer with the new number.
    public var reload: Duration

    public init(generation: Int?, result: Result, test: Duration, reload: Duration) {
        self.generation = generation
        self.result = result
        self.test = test
        self.reload = reload
    }
}
