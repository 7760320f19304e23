import Foundation
import Glibc

extension Fault {
    /// - Returns: the next controller, if this one is killed.
    func killOrSignal(_ stage: FaultStage) async throws -> Controller? {
        let controller = stage.controller
        let master = try await controller.nginxMaster
        switch self {
        case .masterKilled:
            kill(master, SIGKILL)
            try await eventually("a new master runs", every: .milliseconds(2), showing: [controller.process]) {
                try await controller.nginxMaster != master
            }
            return nil
        case .workerKilled:
            guard let worker = try Self.children(of: master).first else { throw BedError("nginx has no workers") }
            kill(worker, SIGKILL)
            return nil
        case .controllerKilled:
            await controller.kill()
            return try await stage.startNext()
        case .controllerKilledNginxStopped:
            await controller.kill()
            // Only now: a stopped process group whose parent ends is continued (setpgid(2)).
            kill(master, SIGSTOP)
            return try await stage.startNext()
        case .controllerKilledNginxOther:
            await controller.kill()
            return try await stage.startNext(nginx: Tools.nginxCurrent)
        case .signalStorm:
            for _ in 0..<100 {
                kill(try await controller.nginxMaster, SIGHUP)
                controller.process.signal(SIGHUP)
                try await Task.sleep(for: .milliseconds(20))
            }
            return nil
        case .manyChanges:
            let start = ContinuousClock.now
            for number in 0..<200 {
                try await stage.source.add("many-\(number).example.com")
                try await Task.sleep(until: start + .milliseconds(50 * (number + 1)))
            }
            return nil
        default: return nil
        }
    }

    /// proc(5), `/proc/PID/task/TID/children`.
    private static func children(of pid: Int32) throws -> [Int32] {
        let text = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        return text.split(separator: " ").compactMap { Int32($0) }
    }
}
