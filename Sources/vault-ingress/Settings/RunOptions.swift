internal import ArgumentParser

/// The flags of `run`, as given. What they mean, and which variable stands for which, is `RunSettings`' affair.
struct RunOptions: ParsableArguments {
    @Option(help: "Kubeconfig of the cluster; in-cluster credentials without it. [KUBECONFIG]")
    var kubeconfig: String?
    @Option(help: "A folder of YAML manifests instead of a cluster, watched. [MANIFESTS]")
    var manifests: String?
    @Option(help: "Only this namespace; all without it. [WATCH_NAMESPACE]")
    var namespace: String?
    @Option(help: "The class that makes an Ingress ours by annotation (default: vault-ingress). [INGRESS_CLASS]")
    var ingressClass: String?
    @Flag(help: "Leave Ingresses without any class alone.")
    var requireIngressClass = false
    @Option(help: "Folder of everything nginx runs on (default: /run/vault-ingress). [STATE_DIR]")
    var stateDir: String?
    @Option(help: "Folder for bodies that do not fit in nginx's memory (default: /tmp/vault-ingress). [TEMP_DIR]")
    var tempDir: String?
    @Option(help: "Folder of templates (default: share/vault-ingress/templates beside the binary). [TEMPLATE_DIR]")
    var templateDir: String?
    @Option(help: "The nginx program, 1.22 or newer (default: nginx in PATH). [NGINX]")
    var nginx: String?
    @Option(help: "What nginx's workers run as (default: www-data). [NGINX_USER]")
    var nginxUser: String?
    @Option(help: "Port for http (default: 80). [HTTP_PORT]")
    var httpPort: String?
    @Option(help: "Port for https (default: 443). [HTTPS_PORT]")
    var httpsPort: String?
    @Option(help: "How long browsers are to insist on https, sent over TLS only (default: not sent). [HSTS]")
    var hsts: String?
    @Option(
        help: "Path in Vault of the certificate for names that nobody claims (default: none). [DEFAULT_CERTIFICATE]")
    var defaultCertificate: String?
    @Option(help: "Where /healthz, /readyz, /metrics and /status are (default: 0.0.0.0:8080). [ADMIN_ADDRESS]")
    var adminAddress: String?
    @Option(
        help: """
            Where Ingresses can be reached, for their status: addresses or names, with commas (default: not written). \
            [PUBLISH_ADDRESS]
            """)
    var publishAddress: String?
    @Option(help: "Instead, the Service NS/NAME that can be reached there. [PUBLISH_SERVICE]")
    var publishService: String?
    @Option(help: "The Lease that decides who writes Events and status (default: vault-ingress). [LEASE_NAME]")
    var leaseName: String?
    @Option(help: "The resolver, an address (default: 127.0.0.1:53). [RESOLVER, RESOLVER_PORT]")
    var resolver: String?
    @Option(help: "The cluster's DNS domain (default: cluster.local). [CLUSTER_DOMAIN]")
    var clusterDomain: String?
    @Option(help: "Least time between two reloads (default: 1s). [RELOAD_FREQUENCY]")
    var reloadInterval: String?
    @Option(help: "How long nginx may take to serve a new generation (default: 10s). [RELOAD_TIMEOUT]")
    var reloadTimeout: String?
    @Option(help: "Time between 'not ready' and the end of nginx at shutdown (default: 0s). [SHUTDOWN_DELAY]")
    var shutdownDelay: String?
    @Option(help: "File for the audit log (default: standard output). [AUDIT_LOG]")
    var auditLog: String?
    @Option(help: "Size at which that file is put aside; 0 for never (default: 100m). [AUDIT_MAX_SIZE]")
    var auditMaxSize: String?
    @Option(help: "How many files stay beside it (default: 5). [AUDIT_KEEP]")
    var auditKeep: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical (default: info). [LOG_LEVEL, DEBUG=true]")
    var logLevel: String?
    @OptionGroup(title: "Vault")
    var vault: VaultOptions
    @Option(help: "json or text (default: text on a terminal, else json). [LOG_FORMAT]")
    var logFormat: String?
}
