import CCurl
import Glibc
import Logging
import Synchronization

/// A thread that owns a libcurl multi handle. Other threads communicate with it through a mailbox.
final class TransferLoop: Sendable {
    enum Command {
        case start(id: UInt, PreparedRequest, any Receiver)
        case cancel(id: UInt)
        /// The buffer of a paused receiver is empty.
        case resume(id: UInt)
    }

    private struct Mailbox {
        enum Phase { case notStarted, running, stopping, ended }
        var phase = Phase.notStarted
        var commands: [Command] = []
        var waker: Waker?
    }

    /// Calls curl_multi_wakeup, the only function that another thread may call on a multi handle (its man page). It is
    /// used under the mailbox's lock and removed before the handle is cleaned up.
    private struct Waker: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
        func wake() { curl_multi_wakeup(multi) }
    }

    /// True if transfers share HTTP/2 connections.
    let multiplexed: Bool
    let configuration: HTTPClient.Configuration
    private let mailbox = Mutex(Mailbox())
    private let lastID = Atomic<UInt>(0)

    init(multiplexed: Bool, configuration: HTTPClient.Configuration) {
        self.multiplexed = multiplexed
        self.configuration = configuration
    }

    func newID() -> UInt {
        lastID.add(1, ordering: .relaxed).newValue
    }

    /// Starts a transfer. Its receiver is finished exactly once, at once if the loop has stopped.
    func start(id: UInt, _ prepared: PreparedRequest, _ receiver: any Receiver) {
        if !post(.start(id: id, prepared, receiver)) { receiver.finish(prepared.label.error(.shutDown)) }
    }

    func cancel(id: UInt) { _ = post(.cancel(id: id)) }

    func resume(id: UInt) { _ = post(.resume(id: id)) }

    /// Ends all transfers and the thread. Returns at once.
    func stop() {
        mailbox.withLock { mailbox in
            switch mailbox.phase {
            case .notStarted: mailbox.phase = .ended
            case .running:
                mailbox.phase = .stopping
                mailbox.waker?.wake()
            case .stopping, .ended: break
            }
        }
    }

    private func post(_ command: Command) -> Bool {
        mailbox.withLock { mailbox in
            switch mailbox.phase {
            case .notStarted:
                guard startThread() else { return false }
                mailbox.phase = .running
            case .running: break
            case .stopping, .ended: return false
            }
            mailbox.commands.append(command)
            // One wake-up for all commands until the thread takes them.
            if mailbox.commands.count == 1 { mailbox.waker?.wake() }
            return true
        }
    }

    private func startThread() -> Bool {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            configuration.logger.error(
                "cannot start HTTP thread", metadata: ["error": "\(String(cString: strerror(code)))"])
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        // Other threads handle signals. OpenSSL may raise SIGPIPE, which libcurl does not block.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        // An error of libcurl, such as too few file descriptors, costs the transfers of that moment, not all later ones.
        repeat { runUntilFailure() } while pauseAfterFailure()
        for case .start(_, let prepared, let receiver) in end() { receiver.finish(prepared.label.error(.shutDown)) }
    }

    /// Performs transfers with one multi handle until libcurl fails or the loop must stop. All its transfers are finished
    /// then.
    private func runUntilFailure() {
        guard let multi = MultiHandle(multiplexed: multiplexed, configuration: configuration) else {
            configuration.logger.error("cannot create libcurl multi handle")
            for case .start(_, let prepared, let receiver) in nextCommands() ?? [] {
                receiver.finish(prepared.label.error(.other, "cannot create libcurl multi handle"))
            }
            return
        }
        mailbox.withLock { $0.waker = Waker(multi: multi.raw) }
        defer { mailbox.withLock { $0.waker = nil } }
        while let commands = nextCommands() {
            for command in commands { multi.perform(command) }
            if let problem = multi.step() {
                configuration.logger.error("libcurl failed, starting again", metadata: ["error": "\(problem)"])
                return multi.failAll(.other, problem)
            }
        }
        multi.failAll(.shutDown)
    }

    /// - Returns: false if the loop must stop.
    private func pauseAfterFailure() -> Bool {
        guard mailbox.withLock({ $0.phase == .running }) else { return false }
        // Short enough for a shutdown to wait for it, long enough not to spin while the failure lasts.
        usleep(100_000)
        return true
    }

    /// Nil when the loop must stop.
    private func nextCommands() -> [Command]? {
        mailbox.withLock { mailbox in
            guard mailbox.phase == .running else { return nil }
            let commands = mailbox.commands
            mailbox.commands = []
            return commands
        }
    }

    /// Closes the mailbox, and returns the commands that it still contains.
    private func end() -> [Command] {
        mailbox.withLock { mailbox in
            mailbox.phase = .ended
            mailbox.waker = nil
            let commands = mailbox.commands
            mailbox.commands = []
            return commands
        }
    }
}
