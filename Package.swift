// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "vault-ingress",
    platforms: [.macOS(.v15)],
    // A dynamic library, so that the test bed can preload it into the programs that it starts.
    products: [.library(name: "ClockStep", type: .dynamic, targets: ["ClockStep"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // Types that several targets share: redacted secrets, token bucket, line splitter, text. Pure.
        .target(name: "Basics", swiftSettings: settings),
        .testTarget(name: "BasicsTests", dependencies: ["Basics"], swiftSettings: settings),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "HTTPClient", dependencies: ["Basics", "CCurl", log], swiftSettings: settings),
        .testTarget(
            name: "HTTPClientTests",
            dependencies: ["CCurl", "HTTPClient", "TestBed", flyingSocks, subprocess],
            swiftSettings: settings),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "Certificates", dependencies: ["Basics", "COpenSSL"], swiftSettings: settings),
        .testTarget(
            name: "CertificatesTests", dependencies: ["Basics", "Certificates", "COpenSSL"], swiftSettings: settings),
        .target(name: "Vault", dependencies: ["Basics", "HTTPClient", log, lifecycle], swiftSettings: settings),
        .testTarget(
            name: "VaultTests",
            dependencies: ["Basics", "Certificates", "HTTPClient", "Vault", "TestBed", flyingFox, flyingSocks, log],
            swiftSettings: settings),
        // The types of the API and their decoding. Pure, so that `Routing` and the targets that use it link neither
        // libcurl nor Yams.
        .target(name: "KubernetesAPI", dependencies: ["Basics"], swiftSettings: settings),
        .target(
            name: "Kubernetes",
            dependencies: ["Basics", "HTTPClient", "KubernetesAPI", log, lifecycle, subprocess, system, yams],
            swiftSettings: settings),
        .target(name: "Routing", dependencies: ["Basics", "KubernetesAPI"], swiftSettings: settings),
        .target(
            name: "NginxConfig",
            dependencies: [
                "Basics", "KubernetesAPI", "Routing", .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: settings),
        .systemLibrary(name: "CLinux"),
        .target(
            name: "Nginx",
            dependencies: ["Basics", "CLinux", "NginxConfig", "Routing", log, lifecycle, subprocess, system],
            swiftSettings: settings),
        // The records of the audit log: writing, reading and explaining them. Pure, so that a reader depends on nothing
        // but the log itself.
        .target(name: "Audit", dependencies: ["Basics"], swiftSettings: settings),
        .target(
            name: "Controller",
            dependencies: [
                "Audit", "Basics", "HTTPClient", "Kubernetes", "KubernetesAPI", "Vault", "Certificates", "Routing",
                "NginxConfig", "Nginx", log,
                lifecycle, .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ], swiftSettings: settings),
        .executableTarget(
            name: "vault-ingress",
            dependencies: [
                "Audit", "Basics", "Certificates", "HTTPClient", "Kubernetes", "KubernetesAPI", "Vault", "Routing",
                "NginxConfig", "Nginx", "Controller", log, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),
        .target(name: "ClockStep", path: "Tests/ClockStep"),
        // Starts the real servers for tests and benchmarks.
        .target(
            name: "TestBed", dependencies: ["HTTPClient", flyingFox, flyingSocks, log, yams], path: "Tests/TestBed",
            swiftSettings: settings),
        .executableTarget(
            name: "bench", dependencies: ["Basics", "HTTPClient", "TestBed", "Vault", log], path: "Benchmarks",
            swiftSettings: settings),
        .testTarget(
            name: "TestBedTests", dependencies: ["HTTPClient", "TestBed", "vault-ingress"], swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Escaping", "HTTPClient", "NginxLexer", "TestBed", "vault-ingress"],
            swiftSettings: settings),
        .testTarget(name: "AuditTests", dependencies: ["Audit"], swiftSettings: settings),
        .testTarget(name: "RoutingTests", dependencies: ["KubernetesAPI", "Routing"], swiftSettings: settings),
        // Reads a configuration as nginx does.
        .target(name: "NginxLexer", path: "Tests/NginxLexer", swiftSettings: settings),
        // Checks for tests and the fuzzer that no value escapes from its place in the configuration.
        .target(
            name: "Escaping", dependencies: ["KubernetesAPI", "NginxConfig", "NginxLexer", "Routing"],
            path: "Tests/Escaping", swiftSettings: settings),
        // What the fuzzer does with its bytes. A separate target, because reading YAML needs Yams.
        .target(
            name: "FuzzInputs", dependencies: ["Basics", "Certificates", "Escaping", "Kubernetes", "KubernetesAPI"],
            path: "Tests/FuzzInputs", swiftSettings: settings),
        .testTarget(
            name: "NginxConfigTests",
            dependencies: ["Escaping", "KubernetesAPI", "NginxConfig", "NginxLexer", "Routing"],
            swiftSettings: settings),
        .testTarget(
            name: "ControllerTests",
            dependencies: [
                "Audit", "Basics", "Certificates", "Controller", "HTTPClient", "Kubernetes", "KubernetesAPI", "Nginx",
                "NginxConfig", "Routing", "TestBed",
                "Vault", log,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "vault-ingressTests",
            dependencies: [
                "vault-ingress", "Audit", "Controller", "Kubernetes", "KubernetesAPI", "NginxConfig", "Routing", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: settings),
        .testTarget(
            name: "NginxTests",
            dependencies: [
                "Escaping", "FuzzInputs", "HTTPClient", "KubernetesAPI", "Nginx", "NginxConfig", "NginxLexer",
                "Routing", "TestBed", log,
                lifecycle, .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ], swiftSettings: settings),
        .testTarget(
            name: "KubernetesTests",
            dependencies: [
                "Basics", "Escaping", "Kubernetes", "KubernetesAPI", "HTTPClient", "TestBed", flyingFox, log,
            ],
            swiftSettings: settings),
    ]
)

// Built by scripts/fuzz only: it needs libFuzzer and the flag that links it.
if Context.environment["FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["Escaping", "FuzzInputs"], path: "Tests/Fuzz",
            exclude: ["Corpus", "PEMCorpus", "ScannerCorpus"],
            swiftSettings: settings))
}
