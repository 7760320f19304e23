internal import ArgumentParser

/// The flags of `run`, as given. `Settings` describes them; `RunSettings` parses them.
struct RunOptions: ParsableArguments {
    @Option(Settings.kubeconfig) var kubeconfig: String?
    @Option(Settings.manifests) var manifests: String?
    @Option(Settings.namespace) var namespace: String?
    @Option(Settings.ingressClass) var ingressClass: String?
    @Flag(Settings.requireIngressClass) var requireIngressClass = false
    @Option(Settings.hostPolicy) var hostPolicy: String?
    @Option(Settings.disappearanceGrace) var disappearanceGrace: String?
    @Flag(Settings.kubernetesSecrets) var kubernetesSecrets = false
    @Option(Settings.stateDir) var stateDir: String?
    @Option(Settings.tempDir) var tempDir: String?
    @Option(Settings.templateDir) var templateDir: String?
    @Option(Settings.nginx) var nginx: String?
    @Option(Settings.nginxUser) var nginxUser: String?
    @Option(Settings.httpPort) var httpPort: String?
    @Option(Settings.httpsPort) var httpsPort: String?
    @Option(Settings.workerConnections) var workerConnections: String?
    @Option(Settings.servers) var servers: String?
    @Option(Settings.upstreams) var upstreams: String?
    @Option(Settings.hostsDir) var hostsDir: String?
    @Option(Settings.certificateLoading) var certificateLoading: String?
    @Option(Settings.hsts) var hsts: String?
    @Option(Settings.installationID) var installationId: String?
    @Option(Settings.maxRequestLine) var maxRequestLine: String?
    @Option(Settings.maxRequestHeaders) var maxRequestHeaders: String?
    @Option(Settings.defaultCertificate) var defaultCertificate: String?
    @Option(Settings.adminAddress) var adminAddress: String?
    @Option(Settings.publishAddress) var publishAddress: String?
    @Option(Settings.publishService) var publishService: String?
    @Option(Settings.leaseName) var leaseName: String?
    @Option(Settings.resolver()) var resolver: String?
    @Option(Settings.clusterDomain) var clusterDomain: String?
    @Option(Settings.reloadInterval) var reloadInterval: String?
    @Option(Settings.reloadTimeout) var reloadTimeout: String?
    @Option(Settings.shutdownDelay) var shutdownDelay: String?
    @Option(Settings.auditLog) var auditLog: String?
    @Option(Settings.auditMaxSize) var auditMaxSize: String?
    @Option(Settings.auditKeep) var auditKeep: String?
    @Option(Settings.logLevel) var logLevel: String?
    @OptionGroup(title: "Budgets") var budgets: BudgetOptions
    @OptionGroup(title: "Vault") var vault: VaultOptions
    @Option(Settings.logFormat) var logFormat: String?
}
