import CCurl
import Glibc
import Logging
import Synchronization

/// The thread that owns a libcurl multi handle, and the mailbox through which everyone else reaches it.
final class TransferLoop: Sendable {
    enum Command {
        case start(id: UInt, PreparedRequest, any Receiver)
        case cancel(id: UInt)
        /// The receiver has room again.
        case resume(id: UInt)
    }

    private struct Mailbox {
        enum Phase { case notStarted, running, stopping, ended }
        var phase = Phase.notStarted
        var commands: [Command] = []
        var waker: Waker?
    }

    /// curl_multi_wakeup is the one function that another thread may call on a multi handle (its man page). The mailbox
    /// hands it out under its lock and takes it back before the handle is cleaned up.
    private struct Waker: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
        func wake() { curl_multi_wakeup(multi) }
    }

    /// Whether transfers share connections by HTTP/2.
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

    /// Every receiver started is finished exactly once, now if the loop has stopped.
    func start(id: UInt, _ prepared: PreparedRequest, _ receiver: any Receiver) {
        if !post(.start(id: id, prepared, receiver)) { receiver.finish(prepared.label.error(.shutDown)) }
    }

    func cancel(id: UInt) { _ = post(.cancel(id: id)) }

    func resume(id: UInt) { _ = post(.resume(id: id)) }

    /// Ends all transfers and the thread; returns at once.
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
            // One wake-up for all that come before the thread looks.
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
                "no thread for transfers", metadata: ["error": "\(String(cString: strerror(code)))"])
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        // Signals are for the program's own threads; OpenSSL may raise SIGPIPE here, libcurl does not block it.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        if let multi = MultiHandle(multiplexed: multiplexed, configuration: configuration) {
            mailbox.withLock { $0.waker = Waker(multi: multi.raw) }
            while let commands = nextCommands() {
                for command in commands { multi.perform(command) }
                guard multi.turn() else { break }
            }
            let left = end()
            multi.failAll(left)
        } else {
            configuration.logger.error("libcurl has no multi handle to give")
            for case .start(_, let prepared, let receiver) in end() { receiver.finish(prepared.label.error(.shutDown)) }
        }
    }

    /// nil when the loop is to stop.
    private func nextCommands() -> [Command]? {
        mailbox.withLock { mailbox in
            guard mailbox.phase == .running else { return nil }
            let commands = mailbox.commands
            mailbox.commands = []
            return commands
        }
    }

    /// From here on nobody posts and nobody wakes.
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
