internal import Controller
internal import Foundation
internal import Glibc
internal import Kubernetes
internal import Nginx
internal import NginxConfig
internal import Routing

extension RunSettings {
    var routingOptions: RoutingOptions {
        RoutingOptions(
            ingressClass: ingressClass, requireIngressClass: requireIngressClass, clusterDomain: clusterDomain,
            basicAuthPrefix: vault.basicAuthPrefix, vaultPathPrefix: vault.pathPrefix,
            kubernetesSecrets: kubernetesSecrets,
            hasDefaultCertificate: defaultCertificate != nil, upstreams: upstreams, budgets: budgets)
    }

    /// Reads the host policy once; nil without one.
    ///
    /// - Throws: `UsageError` if it cannot be read or is not valid.
    func readHostPolicy() throws(UsageError) -> HostPolicy? {
        try hostPolicy.map { file throws(UsageError) in
            do throws(ManifestError) {
                return try HostPolicySource.read(file)
            } catch {
                throw UsageError("\(Settings.hostPolicy.flag): \(error)")
            }
        }
    }

    /// - Parameter version: the version of nginx that reads the configuration.
    func nginxSettings(_ version: NginxVersion) -> NginxSettings {
        let state = StateDirectory(stateFolder)
        return NginxSettings(
            httpPort: httpPort, httpsPort: httpsPort, capabilities: version.capabilities, hsts: hsts,
            installationID: installationID,
            certificateFolder: state.certificates, certificateLinks: state.certificateLinks,
            listenIPv6: FileManager.default.fileExists(atPath: "/proc/net/if_inet6"),
            resolver: resolver,
            // Without root's rights nginx cannot change its user, and warns about the directive.
            workerUser: geteuid() == 0 ? nginxUser : nil, openFiles: openFiles,
            pidFile: state.pidFile, socket: state.socket, emergencyLog: state.emergencyLog,
            temporaryFolder: temporaryFolder, requestHeaders: requestHeaders,
            workerConnections: workerConnections, servers: servers,
            certificateLoading: certificateLoading ?? (version.capabilities.cachesCertificates ? .dynamic : .static))
    }

    /// Enough for a busy worker, within the hard limit: raising that takes a capability.
    private var openFiles: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(min(limit.rlim_max, UInt(max(65536, workerConnections * 2))))
    }
}
