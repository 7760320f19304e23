public import NginxConfig

/// Certificates that replace others without a reload.
extension Reloader {
    /// Lets the links of hosts that nginx serves lead to other certificates, and verifies each by a handshake. If nginx does
    /// not present the new certificate, the old one is restored.
    ///
    /// - Parameter certificates: by the name of the link; each link exists.
    /// - Returns: why a certificate was not replaced, by the name of the link.
    public func rotate(_ certificates: [String: ServedCertificate]) async -> [String: String] {
        var problems: [String: String] = [:]
        let sorted = certificates.sorted { $0.key < $1.key }
        // As many handshakes at once as a small machine can do.
        for start in stride(from: 0, to: sorted.count, by: 8) {
            await withTaskGroup(of: (String, String?).self) { group in
                for (name, certificate) in sorted[start..<min(start + 8, sorted.count)] {
                    group.addTask { (name, await rotate(name, to: certificate.address)) }
                }
                for await (name, problem) in group { problems[name] = problem }
            }
        }
        return problems
    }

    private func rotate(_ name: String, to address: ContentAddress) async -> String? {
        let old = await store.linked(name)
        do throws(FileError) {
            try await store.link(name, to: address)
            guard let problem = await verified(name, try await store.leaf(of: address)) else { return nil }
            if let old { try await store.link(name, to: old) }
            return problem
        } catch {
            return error.description
        }
    }

    /// A busy nginx may miss the time of one handshake.
    private func verified(_ name: String, _ leaf: [UInt8]) async -> String? {
        var problem: String?
        for _ in 0..<3 {
            problem = await handshake(name, leaf)
            if problem == nil || Task.isCancelled { break }
            // Between attempts only: three in a row would meet the same load.
            try? await Task.sleep(for: .milliseconds(100))
        }
        return problem
    }
}
