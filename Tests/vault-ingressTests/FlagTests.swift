import ArgumentParser
import Foundation
import NginxConfig
import Testing

@testable import vault_ingress

/// A flag as the help shows it.
struct FlagHelp {
    var name: String
    /// False for a switch.
    var takesValue: Bool
    var defaultText: String?
    var variables: [String]

    /// The flags of a command, in the order of its help.
    static func all(of command: any ParsableCommand.Type) -> [FlagHelp] {
        let help = RootCommand.helpMessage(for: command, columns: 1000)
        // A name that is too long for its column has its text on the next line.
        let pattern = #/\n {2}(--[-a-z]+)( <[-a-z]+>)?\s+([^\n]+)/#
        return help.matches(of: pattern).map { match in
            let text = String(match.3)
            let variables = text.firstMatch(of: #/ \[([A-Z_, =a-z]+)\]$/#)?.1 ?? ""
            return FlagHelp(
                name: String(match.1), takesValue: match.2 != nil,
                defaultText: text.firstMatch(of: #/ \(default: (.+)\)\./#).map { String($0.1) },
                variables: variables.split(separator: ", ").map(String.init))
        }
    }
}

@Suite("Flags and their descriptions")
struct FlagTests {
    private static let run = FlagHelp.all(of: RunCommand.self).filter { $0.name != "--version" }

    @Test("the help shows the default and the variables of a description")
    func help() throws {
        #expect(Settings.httpPort.helpText == "Port for http (default: 80). [HTTP_PORT]")
        #expect(Settings.requireIngressClass.helpText == "Ignore Ingresses without a class.")
        #expect(Settings.kubernetesSecrets.helpText.hasSuffix(". [KUBERNETES_SECRETS=true]"))
        #expect(Settings.logLevel.helpText.hasSuffix(" (default: info). [LOG_LEVEL, DEBUG=true]"))
        let resolver = try #require(Self.run.first { $0.name == "--resolver" })
        #expect(resolver.takesValue && resolver.defaultText == "127.0.0.1:53")
        #expect(resolver.variables == ["RESOLVER", "RESOLVER_PORT"])
        #expect(Self.run.count > 40)
    }

    @Test("every flag of run is parsed as its description says: it rejects an empty value", arguments: run)
    func parsed(flag: FlagHelp) throws {
        guard flag.takesValue else { return }
        let options = try RunOptions.parse([flag.name, ""])
        let vault = ["VAULT_ADDR": "http://127.0.0.1:1", "AUDIT_LOG": "f"]
        // Each login method has flags that only it uses.
        let environments = [
            vault.merging(["VAULT_TOKEN": "t"]) { $1 },
            vault.merging(["VAULT_AUTH": "kubernetes", "VAULT_ROLE": "r"]) { $1 },
            vault.merging(["VAULT_AUTH": "approle", "VAULT_ROLE_ID": "r"]) { $1 },
        ]
        let errors = environments.compactMap { environment -> String? in
            do {
                _ = try RunSettings(options, environment: environment, shareFolder: "/", isTerminal: false)
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(errors.contains { $0.hasPrefix("\(flag.name) '': expected ") && $0.hasSuffix(", got nothing") })
    }

    @Test("the audit log's start record has the values that determine what nginx serves, by flag")
    func shape() throws {
        let settings = try RunSettings(
            RunOptions.parse(["--namespace", "shop", "--hsts", "1s", "--vault-pki", "pki/web"]),
            environment: ["RESOLVER_PORT": "5353", "VAULT_REFRESH": "5s", "KUBERNETES_SECRETS": "true"],
            shareFolder: "/", isTerminal: false)
        #expect(
            settings.shape == [
                "source": "inCluster", "namespace": "shop", "ingress-class": "vault-ingress",
                "require-ingress-class": "false", "cluster-domain": "cluster.local", "kubernetes-secrets": "true",
                "state-dir": "/run/vault-ingress", "http-port": "80", "https-port": "443", "nginx-user": "www-data",
                "servers": "shared",
                "upstreams": "endpoints",
                "certificate-loading": "by version",
                "host-policy": "none", "disappearance-grace": "30.0 seconds", "max-request-line": "16384",
                "max-request-headers": "131072",
                "max-hosts": "1200", "max-paths": "2500", "max-pods": "5000", "max-configuration-size": "12582912",
                "max-namespace-hosts": "1000", "max-namespace-paths": "2000", "max-namespace-pods": "2500",
                "max-namespace-configuration-size": "6291456",
                "hsts": "1.0 seconds", "installation-id": "vault-ingress", "default-certificate": "none",
                "resolver": "127.0.0.1:5353",
                "reload-interval": "1.0 seconds", "reload-timeout": "10.0 seconds", "vault": "none",
                "vault-path": "secret/ssl/{host}", "vault-refresh": "5.0 seconds",
                "basic-auth-prefix": "secret/basic-auth/{namespace}", "vault-path-prefix": "none",
                "vault-pki": "pki/web",
            ])
    }

    @Test("the limits of request headers: all together at least one line")
    func requestHeaders() throws {
        func limits(_ flags: [String]) throws -> RequestHeaderLimits {
            try RunSettings(RunOptions.parse(flags), environment: [:], shareFolder: "/", isTerminal: false)
                .requestHeaders
        }
        #expect(try limits([]) == .standard)
        let odd = try limits(["--max-request-line", "10k", "--max-request-headers", "25k"])
        #expect(odd.line == 10240 && odd.buffers == 3)
        let error = #expect(throws: UsageError.self) { try limits(["--max-request-line", "256k"]) }
        #expect(
            error?.description
                == "--max-request-headers '131072': expected at least the size of one line, 262144 bytes (--max-request-line), got 131072"
        )
        for flags in [["--max-request-line", "512"], ["--max-request-line", "1m"], ["--max-request-headers", "2m"]] {
            #expect(throws: UsageError.self) { try limits(flags) }
        }
    }

    @Test("the README's section Flags names existing flags with their defaults")
    func readme() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let section = try #require(text.firstMatch(of: #/\n## Flags\n((?s:.)*?)\n## /#)?.1)
        let commands: [any ParsableCommand.Type] = [RunCommand.self, RenderCommand.self, DnsmasqCommand.self]
        let known = Set(commands.flatMap { FlagHelp.all(of: $0).map(\.name) }).union(["--help"])
        let quoted = Set(section.matches(of: #/--[a-z][-a-z]+/#).map { String($0.0) })
        #expect(quoted.subtracting(known).isEmpty)

        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `--") }
        #expect(rows.count > 15)
        for row in rows {
            let cells = row.split(separator: " | ").map { $0.replacing("`", with: "") }
            let names = cells[0].matches(of: #/--[a-z][-a-z]+/#).map { String($0.0) }
            let expected = names.map { name -> String in
                guard let flag = Self.run.first(where: { $0.name == name }) else { return "no flag of run" }
                return flag.defaultText ?? (flag.takesValue ? "–" : "off")
            }
            #expect(cells[1] == expected.joined(separator: ", "), "\(row)")
        }
    }
}
