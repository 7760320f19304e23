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

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "vault-ingress",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "HTTPClient", dependencies: ["CCurl", log], swiftSettings: settings),
        .testTarget(
            name: "HTTPClientTests",
            dependencies: ["CCurl", "HTTPClient", subprocess, .product(name: "FlyingSocks", package: "FlyingFox")],
            swiftSettings: settings),
        .target(
            name: "Kubernetes", dependencies: ["HTTPClient", log, lifecycle, subprocess, yams],
            swiftSettings: settings),
        // Starts the real servers that the real-parts tests and the benchmarks talk to.
        .target(
            name: "TestBed", dependencies: ["HTTPClient", subprocess], path: "Tests/TestBed", swiftSettings: settings),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "Certificates", dependencies: ["COpenSSL"], swiftSettings: settings),
        .testTarget(name: "CertificatesTests", dependencies: ["Certificates", "COpenSSL"], swiftSettings: settings),
        .target(name: "Vault", dependencies: ["HTTPClient", log, lifecycle], swiftSettings: settings),
        .testTarget(name: "KubernetesTests", dependencies: ["Kubernetes", "TestBed"], swiftSettings: settings),
    ]
)
