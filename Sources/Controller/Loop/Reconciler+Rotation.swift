internal import Basics
internal import Logging
internal import Nginx
internal import NginxConfig
internal import Routing

/// Certificates that nginx reads in the handshake: a new one is served without a reload.
extension Reconciler {
    /// A pass replaces at most this many certificates, so that other changes do not wait for the handshakes of all.
    private static let rotationsPerPass = 500
    /// The time after which a certificate is tried again that nginx did not present.
    private static let rotationRetry = Duration.seconds(30)

    /// The time for which replaced files are kept, longer than any handshake.
    private static let cleanupDelay = Duration.seconds(60)

    /// Replaces the certificates of hosts that nginx serves and that have another one now. Those that cannot be replaced stay
    /// in the configuration of the pass.
    func rotate(_ pass: inout Pass) async {
        nextRotation = nil
        guard parts.certificateLoading == .dynamic, let before = live?.configuration,
            before.certificates.byHost != pass.rendered.configuration.certificates.byHost
        else { return }
        let old = before.linkedCertificates
        let changed = pass.rendered.configuration.linkedCertificates.filter { name, certificate in
            old[name].map { $0.address != certificate.address } ?? false
        }
        guard !changed.isEmpty else { return }
        let batch = changed.sorted { $0.key < $1.key }.prefix(Self.rotationsPerPass)
        let problems = await parts.reloader.rotate(Dictionary(uniqueKeysWithValues: batch.map { ($0.key, $0.value) }))
        let rotated = batch.filter { problems[$0.key] == nil }
        let replaced = Set(rotated.map(\.key))
        for name in changed.keys where !replaced.contains(name) {
            guard let host = try? Host(name) else { continue }
            pass.plan.configuration.certificates.byHost[host] = old[name]
            pass.rendered.configuration.certificates.byHost[host] = old[name]
        }
        for (name, problem) in problems.sorted(by: { $0.key < $1.key }) {
            logger.error(
                "certificate not replaced; the old one is served",
                metadata: [
                    "host": "\(name)", "error": "\(problem)", "retry_in": "\(Self.rotationRetry.inLog)",
                ])
        }
        if changed.count > batch.count {
            hasMore = true
            parts.wakeUp.signal()
        } else if !problems.isEmpty {
            nextRotation = .now + Self.rotationRetry
        }
        await finish(rotated.map { ($0.key, $0.value) })
    }

    /// Records the certificates that nginx presents now.
    private func finish(_ rotated: [(name: String, certificate: ServedCertificate)]) async {
        guard !rotated.isEmpty, var configuration = live?.configuration else { return }
        let last = configuration
        for (name, certificate) in rotated {
            if let host = try? Host(name) { configuration.certificates.byHost[host] = certificate }
        }
        live?.configuration = configuration
        applied?.certificates = configuration.certificates
        let diff = ConfigurationDiff(from: last, to: configuration)
        await audit { $0.rotated(configuration.certificates, diff.certificates) }
        do throws(FileError) {
            try await parts.store.record(configuration.certificates)
        } catch {
            logger.error("cannot record replaced certificates", metadata: ["error": "\(error)"])
        }
        // A worker may be reading the old files.
        if unusedFiles.mayExist(after: diff) { nextCleanup = .now + Self.cleanupDelay }
    }
}
