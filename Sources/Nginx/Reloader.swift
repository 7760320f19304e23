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

    /// Serves what an earlier run left as live, if it still passes the test.
    ///
    /// - Returns: the generation that is live now; nil when there is none, or it cannot be served any more.
    public func resume() async -> Generation? {
        guard let generation = await store.current() else { return nil }
        if let problem = await binary.test(generation, state: state) {
            if Task.isCancelled { return nil }
            logger.warning(
                "the generation of the last run is not usable",
                metadata: ["generation": "\(generation.number)", "error": "\(problem)"])
            return nil
        }
        guard await reloadAndVerify(generation) == nil else { return nil }
        logger.info("serving the generation of the last run", metadata: ["generation": "\(generation.number)"])
        return generation
    }

    /// Tests a configuration that is not to be served.
    ///
    /// - Returns: nil where nginx accepts it, else nginx's own words, or why it could not be asked.
    public func trial(_ files: ConfigurationFiles, marker: @Sendable (Int) -> String) async -> String? {
        do throws(FileError) {
            return await binary.test(try await store.writeTrial(files, marker: marker), state: state)
        } catch {
            return error.description
        }
    }

    /// - Parameter marker: the text of the marker file for a generation's number.
    public func apply(_ files: ConfigurationFiles, marker: @Sendable (Int) -> String) async -> ReloadAttempt {
        let clock = ContinuousClock()
        var attempt = ReloadAttempt(generation: nil, result: .applied, test: .zero, reload: .zero)
        do throws(FileError) {
            let previous = await store.current()
            let generation = try await store.write(files, marker: marker)
            attempt.generation = generation.number
            var problem: String?
            attempt.test = await clock.measure { problem = await binary.test(generation, state: state) }
            if let problem {
                attempt.result = .rejected(problem)
                return attempt
            }
            try await store.activate(generation)
            attempt.reload = await clock.measure { problem = await reloadAndVerify(generation) }
            if let problem {
                attempt.result = .failed(problem)
                if let previous {
                    try await store.activate(previous)
                    master.reload()
                } else {
                    try await store.deactivate()
                }
                return attempt
            }
            try await store.prune()
        } catch {
            attempt.result = .failed(error.description)
        }
        return attempt
    }

    /// - Returns: nil once the socket answers with the generation's number, else what went wrong.
    private func reloadAndVerify(_ generation: Generation) async -> String? {
        // nginx appends; what stands there afterwards is about this attempt.
        truncate(state.emergencyLog.text, 0)
        let exits = master.unexpectedExits
        let deadline = ContinuousClock.now + timeout
        master.reload()
        while ContinuousClock.now < deadline {
            if await probe() == generation.number { return nil }
            // One that merely died is started again, and may take the generation yet.
            if master.unexpectedExits > exits, let words = emergency() { return words }
            do { try await Task.sleep(for: .milliseconds(3)) } catch { return "interrupted" }
        }
        return emergency() ?? "nginx did not answer with generation \(generation.number) within \(timeout)"
    }

    /// nginx's own words on why it could not start or reload.
    private func emergency() -> String? {
        guard let file = try? OpenFile(state.emergencyLog.text, flags: O_RDONLY, operation: "open"),
            let bytes = try? file.readAll()
        else { return nil }
        return NginxMessage.worst(in: String(decoding: bytes, as: UTF8.self))?.text
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
