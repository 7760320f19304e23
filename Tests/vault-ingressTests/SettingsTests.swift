import ArgumentParser
import Controller
import Kubernetes
import KubernetesAPI
import Logging
import NginxConfig
import Routing
import Testing

@testable import vault_ingress

@Suite("Settings")
struct SettingsTests {
    private func settings(_ arguments: [String] = [], _ environment: [String: String] = [:]) throws -> RunSettings {
        try RunSettings(
            RunOptions.parse(arguments), environment: environment, shareFolder: "/usr/share/vault-ingress",
            isTerminal: false)
    }

    @Test("without flags and variables, the defaults apply")
    func defaults() throws {
        let settings = try settings()
        #expect(settings.source == .inCluster)
        #expect(settings.namespace == nil)
        #expect(settings.ingressClass == "vault-ingress")
        #expect(settings.stateFolder.text == "/run/vault-ingress")
        #expect(settings.templateFolder == "/usr/share/vault-ingress/templates")
        #expect(settings.httpPort.number == 80)
        #expect("\(settings.adminAddress)" == "0.0.0.0:8080")
        #expect("\(settings.resolver)" == "127.0.0.1:53")
        #expect(settings.clusterDomain.text == "cluster.local")
        #expect(settings.reloadInterval == .seconds(1))
        #expect(settings.auditLog == .standardOutput)
        #expect(settings.logLevel == .info)
        #expect(settings.logFormat == .json)
        #expect(settings.published == nil)
        #expect(settings.leaseName == "vault-ingress")
    }

    @Test("a flag overrides its variable, and an empty variable counts as unset")
    func precedence() throws {
        #expect(try settings(["--http-port", "81"], ["HTTP_PORT": "82"]).httpPort.number == 81)
        #expect(try settings([], ["HTTP_PORT": "82"]).httpPort.number == 82)
        #expect(try settings([], ["HTTP_PORT": ""]).httpPort.number == 80)
        #expect(try settings(["--manifests", "m"], ["KUBECONFIG": "k"]).source == .manifests("m"))
        #expect(try settings(["--kubeconfig", "k"], ["MANIFESTS": "m"]).source == .kubeconfig("k"))
        #expect("\(try settings([], ["RESOLVER": "10.0.0.2", "RESOLVER_PORT": "5353"]).resolver)" == "10.0.0.2:5353")
        #expect(try settings([], ["DEBUG": "true"]).logLevel == .debug)
        #expect(try settings([], ["DEBUG": "true", "LOG_LEVEL": "error"]).logLevel == .error)
    }

    @Test(
        "an invalid value is reported with its flag or variable and what was expected",
        arguments: [
            (["--http-port", "0"], [:], "--http-port '0': expected a port from 1 to 65535, got '0'"),
            ([], ["HTTP_PORT": "x"], "HTTP_PORT 'x': expected a port from 1 to 65535"),
            (["--resolver", "dns.example.com"], [:], "--resolver 'dns.example.com': expected ADDRESS or ADDRESS:PORT"),
            ([], ["RELOAD_FREQUENCY": "5"], "RELOAD_FREQUENCY '5': expected a duration such as"),
            (["--state-dir", "state"], [:], "--state-dir 'state': expected an absolute path"),
            (["--namespace", "../a"], [:], "--namespace '../a': expected a namespace of at most 63 lowercase letters"),
            (["--nginx-user", "a b"], [:], "--nginx-user 'a b': expected a user name"),
            (["--log-level", "loud"], [:], "--log-level 'loud': expected one of trace, debug"),
            (["--log-format", "xml"], [:], "--log-format 'xml': expected one of json, text"),
            ([], ["DEBUG": "1"], "DEBUG '1': expected true or false"),
            (["--cluster-domain", "a b"], [:], "--cluster-domain 'a b': expected only letters"),
            (
                ["--kubeconfig", "a", "--manifests", "b"], [:],
                "--kubeconfig and --manifests: expected one of them, got both"
            ),
            (
                ["--publish-address", "192.0.2.1", "--publish-service", "a/b"], [:],
                "--publish-address and --publish-service: expected one of them, got both"
            ),
            (
                [], ["PUBLISH_ADDRESS": "192.0.2.1", "PUBLISH_SERVICE": "a/b"],
                "PUBLISH_ADDRESS and PUBLISH_SERVICE: expected one of them, got both"
            ),
            (
                ["--publish-address", "a,,b"], [:],
                "--publish-address 'a,,b': expected IP addresses or host names, separated by commas, got nothing"
            ),
            ([], ["PUBLISH_ADDRESS": "192.0.2.300"], "PUBLISH_ADDRESS '192.0.2.300': expected IP addresses"),
            (["--publish-service", "web"], [:], "--publish-service 'web': expected NAMESPACE/NAME"),
            (["--publish-service", "a/../b"], [:], "--publish-service 'a/../b': expected NAMESPACE/NAME"),
            (["--lease-name", "a/b"], [:], "--lease-name 'a/b': expected a name of at most 253"),
            ([], ["POD_NAMESPACE": "../x"], "POD_NAMESPACE '../x': expected a namespace"),
            ([], ["KUBECONFIG": "a", "MANIFESTS": "b"], "KUBECONFIG and MANIFESTS: expected one of them, got both"),
        ] as [([String], [String: String], String)])
    func invalid(arguments: [String], environment: [String: String], message: String) {
        let error = #expect(throws: UsageError.self) { try settings(arguments, environment) }
        #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    }

    @Test(
        "the status has addresses and names, or those of a Service; a flag for one overrides the variable of the other")
    func published() throws {
        let addresses = [
            LoadBalancerAddress(ip: "192.0.2.1"), LoadBalancerAddress(ip: "2001:db8::1"),
            LoadBalancerAddress(hostname: "lb.example.com"),
        ]
        #expect(
            try settings(["--publish-address", "192.0.2.1,2001:db8::1, LB.example.com"]).published
                == .addresses(addresses))
        let service = StatusPublisher.Source.service(ObjectKey(namespace: "lb", name: "front"))
        #expect(try settings([], ["PUBLISH_SERVICE": "lb/front"]).published == service)
        #expect(try settings(["--publish-service", "lb/front"], ["PUBLISH_ADDRESS": "192.0.2.1"]).published == service)
        #expect(
            try settings(["--publish-address", "192.0.2.1"], ["PUBLISH_SERVICE": "lb/front"]).published
                == .addresses([addresses[0]]))
    }

    @Test(
        "a duration has units, the larger ones first",
        arguments: [
            ("100ms", .milliseconds(100)), ("2s", .seconds(2)), ("1m30s", .seconds(90)), ("1h", .seconds(3600)),
            ("1h1m1s1ms", .milliseconds(3_661_001)), ("0s", .zero), ("", nil), ("5", nil), ("1s1m", nil),
            ("-1s", nil), ("1.5s", nil), ("1d", nil), ("s", nil),
        ] as [(String, Duration?)])
    func durations(text: String, duration: Duration?) {
        #expect((try? Duration(text: text)) == duration)
    }
}
