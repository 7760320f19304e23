import Basics
import Foundation
import Kubernetes
import Routing
import TestBed
import Testing

@testable import Controller

@Suite("The file of --host-policy")
struct HostPolicyFileTests {
    @Test("a valid file")
    func valid() throws {
        let text = """
            # The shop and its staging.
            default: deny
            domains:
              - domain: "**.shop.example.com"
                namespaces: [shop, shop-staging]
              - {domain: example.com, namespaces: []}
              - {domain: "*", namespaces: ["*"]}
            """
        #expect(
            try HostPolicy(Array(text.utf8), name: "f")
                == HostPolicy(
                    default: .deny,
                    rules: [
                        try PolicyDomain("**.shop.example.com"): .some(["shop", "shop-staging"]),
                        try PolicyDomain("example.com"): .some([]), try PolicyDomain("*"): .all,
                    ]))
    }

    @Test(
        "a problem is reported with its line and column",
        arguments: [
            ("", "f:1:1: expected one document with default and domains, found 0"),
            ("default: maybe\ndomains: []", "f:1:10: default: expected allow or deny, found \"maybe\""),
            ("domains: []", "f:1:1: expected a field \"default\", found none"),
            ("default: deny", "f:1:1: expected a field \"domains\", found none"),
            ("default: deny\ndomains: {}", "f:2:10: domains: expected a list"),
            ("default: deny\ndomain: []", "f:2:1: expected default or domains, found the unknown field \"domain\""),
            (
                "default: deny\ndomains:\n- domain: a.test\n  namespace: [x]",
                "f:4:3: domains[0]: expected domain or namespaces, found the unknown field \"namespace\""
            ),
            ("default: deny\ndomains:\n- a.test", "f:3:3: domains[0]: expected a mapping with domain and namespaces"),
            (
                "default: deny\ndomains:\n- {domain: \"a*\", namespaces: []}",
                "f:3:12: domains[0].domain: expected a domain such as example.com, *.example.com, **.example.com, or * for "
                    + "the catch-all host: only letters, digits, '-' and '.' (RFC 1123), found \"a*\""
            ),
            (
                "default: deny\ndomains:\n- {domain: a.test, namespaces: []}\n- {domain: A.test, namespaces: []}",
                "f:4:12: domains[1].domain: expected each domain once; line 3 has this one, found \"A.test\""
            ),
            (
                "default: deny\ndomains:\n- {domain: a.test, namespaces: [X]}",
                "f:3:33: domains[0].namespaces[0]: expected a namespace of at most 63 lowercase letters, digits and '-', "
                    + "or \"*\" for all, found \"X\""
            ),
            (
                "default: deny\ndomains:\n- {domain: a.test, namespaces: [x, x]}",
                "f:3:36: domains[0].namespaces[1]: expected each namespace of a domain once, found \"x\""
            ),
            (
                "default: deny\ndomains: []\n---\ndefault: deny",
                "f:4:1: expected one document with default and domains, found 2"
            ),
            ("default: deny\ndomains: [", "f:"), ("default: deny\ndefault: deny\ndomains: []", "f:"),
        ])
    func invalid(text: String, message: String) throws {
        let error = try #require(throws: ManifestError.self) { try HostPolicy(Array(text.utf8), name: "f") }
        #expect(message == "f:" ? error.position != nil : "\(error)" == message, "\(error)")
    }

    @Test(
        "a file that is replaced, written or swapped below the symlinks of a ConfigMap is read again",
        arguments: [false, true])
    func watched(isConfigMap: Bool) async throws {
        let folder = try TemporaryFolder.make("policy")
        let file = folder.appending(path: "policy.yaml")
        func put(_ number: Int, _ text: String) throws {
            guard isConfigMap else { return try text.write(to: file, atomically: number % 2 == 0, encoding: .utf8) }
            // As the kubelet's atomic writer does it.
            let data = folder.appending(path: "..\(number)")
            try FileManager.default.createDirectory(at: data, withIntermediateDirectories: false)
            try text.write(to: data.appending(path: "policy.yaml"), atomically: false, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: "..tmp").path, withDestinationPath: "..\(number)")
            #expect(rename(folder.appending(path: "..tmp").path, folder.appending(path: "..data").path) == 0)
            if number == 0 {
                try FileManager.default.createSymbolicLink(
                    atPath: file.path, withDestinationPath: "..data/policy.yaml")
            }
        }
        try put(0, "default: allow\ndomains: []\n")
        let source = try HostPolicySource(file: file.path, wakeUp: WakeUpSignal(), logger: .quiet)
        #expect(source.take().cause == nil)
        let task = Task { try await source.run() }
        defer { task.cancel() }
        try put(1, "default: deny\ndomains: []\n")
        try await eventually("the new policy is read") { source.take().state.policy.defaultRule == .deny }
        try put(2, "default: no\n")
        try await eventually("the problem is known") { source.take().state.problem != nil }
        #expect(source.take().state.policy.defaultRule == .deny, "the last valid policy applies")
        try FileManager.default.removeItem(at: file)
        try await eventually("the missing file is reported") {
            source.take().state.problem?.contains("No such file or directory") == true
        }
        #expect(source.take().state.policy.defaultRule == .deny)
    }

    @Test("a file that is missing, a folder or too large is an error")
    func unreadable() throws {
        let folder = try TemporaryFolder.make("policy")
        for path in [folder.path, folder.appending(path: "none").path, "/none/none"] {
            #expect(throws: ManifestError.self) {
                try HostPolicySource(file: path, wakeUp: WakeUpSignal(), logger: .quiet)
            }
        }
        let large = [UInt8](repeating: UInt8(ascii: "#"), count: HostPolicyDocument.maximumSize + 1)
        #expect(throws: ManifestError.self) { try HostPolicy(large, name: "f") }
    }
}
