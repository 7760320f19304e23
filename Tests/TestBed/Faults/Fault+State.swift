import Foundation
import Glibc

extension Fault {
    /// Prevents generations from being written for a while. Changes in the meantime are retried.
    func withState(connections: Int, length: Duration) async throws -> FaultReport {
        try await Self.withParts { parts in
            if self == .folderUnwritable {
                let state = parts.folder.appending(path: "state")
                let generations = state.appending(path: "generations").path
                return try await measure(parts, state: state, connections: connections, length: length) {
                    // The file attribute also applies to root.
                    try await chattr("+i", generations)
                } end: {
                    try await chattr("-i", generations)
                }
            }
            return try await SmallDisk.run(bytes: 4 << 20) { disk in
                try await measure(
                    parts, state: disk.folder.appending(path: "state"), connections: connections, length: length
                ) {
                    try disk.fill()
                } end: {
                    try disk.free()
                }
            }
        }
    }

    private func measure(
        _ parts: FaultStage.Parts, state: URL, connections: Int, length: Duration, begin: () async throws -> Void,
        end: () async throws -> Void
    ) async throws -> FaultReport {
        let stage = try await FaultStage.start(
            folder: parts.folder, source: parts.manifests(), resolver: parts.dns.address, hosts: Self.hosts,
            flags: ["--state-dir", state.path])
        return try await stage.measure(rawValue, connections: connections, isChangeMade: true) { stage in
            try await begin()
            do {
                try await stage.change()
                try await eventually("the metric reports the failure", showing: [stage.controller.process]) {
                    try await stage.controller.metric("reload_failing") == 1
                }
                try await Task.sleep(for: length)
            } catch {
                try await end()
                throw error
            }
            try await end()
            return nil
        }
    }

    private func chattr(_ flag: String, _ path: String) async throws {
        try await ServerProcess.run(.init("/usr/bin/chattr", [flag, path]), folder: TemporaryFolder.make("chattr"))
    }

    /// Sets the wall clock of the controller and of nginx back. Their monotonic clock continues, as the kernel's does.
    func withClock(connections: Int) async throws -> FaultReport {
        try await Self.withParts { parts in
            let clock = parts.folder.appending(path: "clock")
            try Self.seconds(0).write(to: clock)
            let variables = ["LD_PRELOAD": try Tools.clockStep, "CLOCK_STEP": clock.path]
            // The controller does not pass variables to nginx.
            let nginx = parts.folder.appending(path: "nginx")
            let settings = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            try "#!/bin/sh\nexec env \(settings.joined(separator: " ")) \(Tools.nginx) \"$@\"\n"
                .write(to: nginx, atomically: true, encoding: .utf8)
            chmod(nginx.path, 0o755)
            let stage = try await FaultStage.start(
                folder: parts.folder, source: parts.manifests(), resolver: parts.dns.address, hosts: Self.hosts,
                nginx: nginx.path, environment: variables)
            return try await stage.measure(rawValue, connections: connections, isChangeMade: true) { stage in
                let lines = try stage.controller.audit().count
                // Overwritten in place, because the programs have mapped the file.
                let file = try FileHandle(forWritingTo: clock)
                try file.write(contentsOf: Self.seconds(-3600))
                try file.close()
                try await stage.change()
                let time = try await eventually("the change is recorded", showing: [stage.controller.process]) {
                    try stage.controller.audit().dropFirst(lines).first?["time"].string
                }
                guard time < Date(timeIntervalSinceNow: -1800).formatted(.iso8601) else {
                    throw BedError("the clock did not step back: it is \(time)")
                }
                return nil
            }
        }
    }

    private static func seconds(_ number: Int64) -> Data { withUnsafeBytes(of: number) { Data($0) } }
}
