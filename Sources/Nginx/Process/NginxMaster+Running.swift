internal import Dispatch
internal import Foundation
internal import Glibc
internal import Logging
internal import NginxConfig
internal import ServiceLifecycle
internal import Synchronization

extension NginxMaster {
    /// Runs a master until it ends.
    func runOnce(_ adopted: MasterProcess?, _ messages: MessagePipe?) async -> (pid: pid_t?, ending: String) {
        let process: MasterProcess
        if let adopted {
            process = adopted
        } else {
            await openSockets()
            await store.restoreLink()
            // The socket file of a killed nginx would prevent the next one from binding.
            unlink(state.socket.text)
            do {
                let arguments = binary.arguments(["-g", "daemon off;"], configuration: state.mainFile, state: state)
                let sockets = condition.withLock { $0.sockets.values.sorted { $0.descriptor < $1.descriptor } }
                process = try MasterProcess.start(
                    binary.path, arguments, environment: ["PATH": binary.searchPath], sockets: sockets,
                    messages: messages)
            } catch {
                didEnd(nil)
                return (nil, error.description)
            }
        }
        didStart(process, isAdopted: adopted != nil)
        return await withGracefulShutdownHandler {
            await withTaskCancellationHandler {
                async let up: Void = waitUntilUp(process)
                let ending = await process.ended()
                await up
                didEnd(process)
                return (process.pid, ending)
            } onCancel: {
                stop()
                // A controller that has failed does not wait for requests in flight.
                DispatchQueue.global().asyncAfter(deadline: .now() + 5) { process.signal(SIGTERM) }
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    /// Opens the listening sockets. A port of orphaned workers whose socket could not be copied is free when they have
    /// quit.
    private func openSockets() async {
        let deadline = ContinuousClock.now + .seconds(5)
        while true {
            let isWaiting = condition.withLock { condition in
                let isComplete = condition.sockets.open(addresses)
                return !isComplete && !condition.orphans.isEmpty
            }
            guard isWaiting, ContinuousClock.now < deadline else { return }
            condition.withLock(\.orphans).quit()
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return }
        }
    }

    private func didStart(_ process: MasterProcess, isAdopted: Bool) {
        let isStopping = condition.withLock { condition in
            if case .stopping = condition.phase { return true }
            condition.phase = isAdopted ? .running(process) : .starting(process, isReloadDue: false)
            return false
        }
        // Shutdown began between the decision to start and the start.
        if isStopping { process.signal(SIGQUIT) }
        changeSignal.yield(.started(pid: process.pid))
        guard !isStopping else { return }
        // An adopted master loads the live generation.
        if isAdopted { return process.signal(SIGHUP) }
        logger.info("nginx started", metadata: ["pid": "\(process.pid)", "nginx_version": "\(binary.version)"])
    }

    /// nginx writes its pid file when it listens and has its signal handlers. Then the orphaned workers can quit.
    private func waitUntilUp(_ process: MasterProcess) async {
        while condition.withLock({ if case .starting = $0.phase { true } else { false } }) {
            let text = try? String(contentsOfFile: state.pidFile.text, encoding: .utf8)
            if text == "\(process.pid)\n" {
                condition.withLock { condition in
                    guard case .starting(_, let isReloadDue) = condition.phase else { return }
                    condition.phase = .running(process)
                    if isReloadDue { process.signal(SIGHUP) }
                    // A socket that nginx does not use would accept connections that no process answers.
                    condition.sockets = condition.sockets.filter { $0.value.isOpen(in: process.pid) }
                    condition.orphans.quit()
                    condition.orphans = OrphanedWorkers()
                }
                return
            }
            if process.hasEnded { return }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func didEnd(_ process: MasterProcess?) {
        // Orphaned workers have a port that is not in `addresses`: nginx can start when they have quit.
        let isBlocked = EmergencyLog(state: state).message?.contains("bind()") == true
        condition.withLock { condition in
            if case .stopping = condition.phase { return }
            if case .starting = condition.phase, isBlocked { condition.orphans.quit() }
            condition.phase = .backingOff
            if !condition.isReplaced { condition.exits += 1 }
            if let process { condition.orphans.add(group: process.pid) }
        }
    }

    private func stop() {
        condition.withLock { condition in
            condition.process?.signal(SIGQUIT)
            condition.phase = .stopping
            // While a process holds the sockets, they accept connections that no process answers.
            condition.sockets = [:]
            condition.orphans.quit()
        }
    }
}
