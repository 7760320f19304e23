internal import ArgumentParser
internal import Controller
internal import Foundation
internal import NginxConfig
internal import Routing

struct DnsmasqCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dnsmasq", abstract: "Print the configuration of the dnsmasq sidecar.",
        discussion: "Made from /etc/resolv.conf: all its name servers, none of its search domains.")

    @Option(help: "The file that names the name servers (default: /etc/resolv.conf). [RESOLV_CONF]")
    var resolvConf: String?
    @Option(help: "Where dnsmasq listens (default: 127.0.0.1:53). [RESOLVER, RESOLVER_PORT]")
    var listen: String?
    @Option(help: "Folder of templates (default: share/vault-ingress/templates beside the binary). [TEMPLATE_DIR]")
    var templateDir: String?

    func run() async throws {
        let reader = SettingReader(environment: ProcessInfo.processInfo.environment)
        let port =
            try reader.read(nil, flag: "", variable: "RESOLVER_PORT", parse: ServicePort.init(_:)) ?? ServicePort.dns
        let address =
            try reader.read(listen, flag: "--listen", variable: "RESOLVER") {
                text throws(InvalidValue) in try AddressAndPort(text, defaultPort: port)
            } ?? AddressAndPort("127.0.0.1", defaultPort: port)
        let folder =
            try reader.read(templateDir, flag: "--template-dir", variable: "TEMPLATE_DIR", parse: Parsing.text)
            ?? "\(Installation.shareFolder)/templates"
        let file =
            try reader.read(resolvConf, flag: "--resolv-conf", variable: "RESOLV_CONF", parse: Parsing.text)
            ?? "/etc/resolv.conf"
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw StartupError("cannot read \(file)")
        }
        let templates = try TemplateDirectory.load(folder)
        do throws(InvalidValue) {
            let config = try DnsmasqConfig(listen: address, resolvConf: text)
            FileOutput.standardOutput.write(config.rendered(with: templates))
        } catch {
            throw StartupError(
                "\(file): found \(error.value.isEmpty ? "none" : "'\(error.value)'"), expected \(error.expected)")
        }
    }
}
