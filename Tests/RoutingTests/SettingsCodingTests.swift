import Foundation
import KubernetesAPI
import Routing
import Testing

@Suite("Coded form of a host's settings")
struct SettingsCodingTests {
    /// Every setting, with a value that is not its default.
    private static func everything() throws -> HostSettings {
        var settings = HostSettings(tls: .vault, http2: true, redirect: .permanentRedirect)
        settings.bodySize = try ByteSize("8m")
        settings.connectTimeout = .milliseconds(1500)
        settings.readTimeout = .seconds(3600)
        settings.sendTimeout = .seconds(90)
        settings.buffering = false
        settings.allowFrom = [try AddressRange("10.0.0.0/8"), try AddressRange("2001:db8::/32")]
        settings.rateLimit = try RequestRate("20")
        settings.hsts = .seconds(3600)
        settings.backendProtocol = .grpcs
        settings.errorPages = true
        settings.appRoot = try RequestPath("/a%25b")
        settings.rewritePrefix = try RequestPath("/v2")
        settings.basicAuth = .users(try VaultPath("secret/basic-auth/shop/admin"))
        settings.affinity = true
        settings.loadBalancing = .randomTwo
        settings.responseHeaderSize = try ByteSize("64k")
        settings.closedBy = "nginx.org/policies"
        settings.vaultPath = try VaultPath("secret/certificates/shop/shared")
        return settings
    }

    private func coded(_ settings: HostSettings) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(settings)
    }

    @Test("every field is written and read back")
    func everyField() throws {
        let settings = try Self.everything()
        let data = try coded(settings)
        #expect(try JSONDecoder().decode(HostSettings.self, from: data) == settings)
        let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]).count
        #expect(keys == Mirror(reflecting: settings).children.count)
    }

    @Test("the example of every annotation that sets a field is written, under its name")
    func examples() throws {
        let settings = HostSettings.examples
        let data = try coded(settings)
        #expect(try JSONDecoder().decode(HostSettings.self, from: data) == settings)
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        let expected = Set(Annotation.allCases.map(\.rawValue)).subtracting(["split", "split-by"])
        #expect(Set(try #require(object).keys) == expected)
    }

    @Test("a default is not written")
    func defaults() throws {
        #expect(String(decoding: try coded(HostSettings()), as: UTF8.self) == "{}")
        #expect(try JSONDecoder().decode(HostSettings.self, from: Data("{}".utf8)) == HostSettings())
    }

    @Test("a value that its type does not allow is an error")
    func damaged() throws {
        let damaged = String(decoding: try coded(Self.everything()), as: UTF8.self)
            .replacing("10.0.0.0/8", with: "10.0.0.0/8;}")
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(HostSettings.self, from: Data(damaged.utf8))
        }
    }

    /// Written by version 0.1.0.
    private static let version1: [String] = [
        #"{"http2":false,"httpsOnly":false,"settings":{"affinity":false,"backendProtocol":"http"},"tls":false}"#,
        #"{"http2":true,"httpsOnly":true,"settings":{"affinity":true,"allowFrom":["10.0.0.0/8","2001:db8::/32"],"appRoot":"/a%25b","backendProtocol":"grpcs","basicAuth":{"users":{"_0":"secret/basic-auth/shop/admin"}},"bodySize":"8388608","buffering":false,"connectTimeout":[0,1500000000000000000],"hsts":{"seconds":{"_0":3600}},"rateLimit":"20","readTimeout":[195,2884905626637434880],"redirectStatus":308,"rewritePrefix":"/v2","sendTimeout":[4,16213023705161793536]},"tls":true}"#,
        #"{"http2":false,"httpsOnly":false,"secret":{"name":"web-tls","namespace":"shop"},"settings":{"affinity":false,"allowFrom":[],"backendProtocol":"http","basicAuth":{"nobody":{}},"hsts":{"off":{}}},"tls":true}"#,
        #"{"http2":false,"httpsOnly":true,"settings":{"affinity":false,"backendProtocol":"http"},"tls":false}"#,
        #"{"http2":false,"httpsOnly":true,"settings":{"affinity":false,"backendProtocol":"http","redirectStatus":301},"tls":false}"#,
        #"{"http2":false,"httpsOnly":false,"settings":{"affinity":false,"backendProtocol":"http","redirectStatus":301},"tls":false}"#,
    ]

    @Test("the form of version 0.1.0 is read")
    func oldForm() throws {
        var secret = HostSettings(
            tls: .secret(try ObjectName(ObjectKey(namespace: "shop", name: "web-tls"))))
        secret.hsts = .off
        secret.basicAuth = .nobody
        secret.allowFrom = []
        var everything = try Self.everything()
        // Settings of later versions.
        everything.errorPages = false
        everything.responseHeaderSize = nil
        everything.closedBy = nil
        everything.vaultPath = nil
        everything.loadBalancing = nil
        let expected = [
            HostSettings(), everything, secret, HostSettings(redirect: .httpsOnly),
            HostSettings(redirect: .movedPermanently), HostSettings(),
        ]
        let found = try Self.version1.map {
            try JSONDecoder().decode(HostSettingsVersion1.self, from: Data($0.utf8)).settings
        }
        #expect(found == expected)
    }
}
