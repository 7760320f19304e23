public import Foundation

/// The paths of the real parts: an environment variable, else the cache of `scripts/install`, else PATH (the same
/// places as in scripts/tools.sh).
public enum Tools {
    public static var kubeAPIServer: String {
        get throws { try find("KUBE_APISERVER", "kube-apiserver", cached: "bin/kube-apiserver") }
    }
    public static var bao: String { get throws { try find("BAO", "bao", cached: "bin/bao") } }
    /// Debian's nginx, the oldest supported version.
    public static var nginx: String { get throws { try find("NGINX", "nginx") } }
    /// The newest version of nginx.
    public static var nginxCurrent: String {
        get throws { try find("NGINX_CURRENT", "nginx-current", cached: "bin/nginx-current") }
    }
    /// A Python with gRPC.
    public static var python: String {
        get throws { try find("GRPC_PYTHON", "python3", cached: "python/bin/python") }
    }
    public static var etcd: String { get throws { try find("ETCD", "etcd") } }
    public static var dnsmasq: String { get throws { try find("DNSMASQ", "dnsmasq") } }
    public static var wrk: String { get throws { try find("WRK", "wrk") } }
    public static var openssl: String { get throws { try find("OPENSSL", "openssl") } }

    /// The program under test: `$VAULT_INGRESS`, else the one that was built with the running tests.
    public static var vaultIngress: String {
        get throws {
            if let path = environment["VAULT_INGRESS"] { return path }
            return try product("vault-ingress")
        }
    }
    /// See Tests/ClockStep.
    static var clockStep: String { get throws { try product("libClockStep.so") } }

    /// A product that was built with the running program.
    private static func product(_ name: String) throws -> String {
        let products = try URL(filePath: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
        let path = products.appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BedError("\(path) is missing: build all products first")
        }
        return path
    }

    /// The root of the checkout these sources were compiled from.
    public static let checkout = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static func find(_ variable: String, _ command: String, cached: String? = nil) throws -> String {
        let isExecutable = FileManager.default.isExecutableFile(atPath:)
        if let path = environment[variable] {
            guard isExecutable(path) else { throw BedError("$\(variable) is '\(path)', which is not executable") }
            return path
        }
        if let cached {
            let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "/root")/.cache"
            let path = "\(cache)/vault-ingress/\(cached)"
            if isExecutable(path) { return path }
        }
        // Debian installs servers in sbin, which PATH may not contain.
        let folders = "\(environment["PATH"] ?? ""):/usr/sbin:/sbin".split(separator: ":")
        for folder in folders {
            let path = "\(folder)/\(command)"
            if isExecutable(path) { return path }
        }
        throw BedError("\(command) was not found: run scripts/install, or set $\(variable)")
    }
}
