internal import Controller
internal import Foundation
internal import Glibc
internal import Nginx
internal import NginxConfig
internal import Routing

extension RunSettings {
    var routingOptions: RoutingOptions {
        RoutingOptions(
            ingressClass: ingressClass, requireIngressClass: requireIngressClass, clusterDomain: clusterDomain,
            basicAuthPrefix: vault.basicAuthPrefix, kubernetesSecrets: kubernetesSecrets,
            hasDefaultCertificate: defaultCertificate != nil)
    }

    /// - Parameter version: of the nginx that the configuration is for.
    func nginxSettings(_ version: NginxVersion) -> NginxSettings {
        let state = StateDirectory(stateFolder)
        return NginxSettings(
            httpPort: httpPort, httpsPort: httpsPort, capabilities: version.capabilities, hsts: hsts,
            certificateFolder: state.certificates,
            listenIPv6: FileManager.default.fileExists(atPath: "/proc/net/if_inet6"),
            resolver: resolver,
            // Without root's rights nginx cannot become anyone else, and warns about the directive.
            workerUser: geteuid() == 0 ? nginxUser : nil, openFiles: Self.openFiles,
            pidFile: state.pidFile, socket: state.socket, emergencyLog: state.emergencyLog,
            temporaryFolder: temporaryFolder)
    }

    /// Those that shape what nginx serves and when, by flag, for the audit log. No secrets.
    var shape: [String: String] {
        [
            "source": "\(source)", "namespace": namespace ?? "all", "ingress-class": ingressClass,
            "require-ingress-class": "\(requireIngressClass)", "cluster-domain": "\(clusterDomain)",
            "kubernetes-secrets": "\(kubernetesSecrets)",
            "state-dir": "\(stateFolder)", "http-port": "\(httpPort)", "https-port": "\(httpsPort)",
            "nginx-user": nginxUser.text, "hsts": hsts.map { "\($0)" } ?? "none",
            "default-certificate": defaultCertificate ?? "none", "resolver": "\(resolver)",
            "reload-interval": "\(reloadInterval)", "reload-timeout": "\(reloadTimeout)",
            "vault": vault.connection == nil ? "none" : "used", "vault-path": "\(vault.path)",
            "vault-refresh": "\(vault.refresh)", "basic-auth-prefix": "\(vault.basicAuthPrefix)",
            "vault-pki": vault.pki.map { "\($0.mount)/\($0.role)" } ?? "none",
        ]
    }

    /// As many as a busy worker needs, or what the hard limit leaves: raising that takes a capability.
    private static var openFiles: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(min(limit.rlim_max, 65536))
    }
}
