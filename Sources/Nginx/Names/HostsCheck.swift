internal import NginxConfig
public import Routing

/// The proof that the resolver answers from a folder of hosts files, and that it forgets an address that is removed. Without
/// the second, requests could reach a pod that is not the Service's any more.
public enum HostsCheck {
    private static let file = "check"
    private static let name = "check.\(PodNames.domain)"

    /// - Parameter wait: the maximum time until the first answer: dnsmasq may start after this process.
    /// - Returns: what is wrong; nil if nothing is.
    public static func problem(
        _ folder: HostsFolder, _ resolver: AddressAndPort, wait: Duration = .seconds(10)
    ) async -> String? {
        for (address, limit) in [("192.0.2.1", wait), ("192.0.2.2", .seconds(2))] {
            do throws(FileError) {
                try await folder.write(file, "\(address) \(name)\n")
            } catch {
                return "\(error)"
            }
            let end = ContinuousClock.now + limit
            var found: [String]?
            repeat {
                found = await AddressQuery(server: resolver, name: name).addresses(within: .milliseconds(250))
                if found == [address] { break }
                try? await Task.sleep(for: .milliseconds(20))
            } while ContinuousClock.now < end && !Task.isCancelled
            guard found == [address] else {
                let text = found.map { $0.isEmpty ? "no address" : $0.joined(separator: " and ") } ?? "no answer"
                return
                    "\(resolver): expected \(address) for \(name), found \(text); expected dnsmasq 2.87 or newer with "
                    + "hostsdir=\(folder.path)"
            }
        }
        await folder.remove(file)
        return nil
    }
}
