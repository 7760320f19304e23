internal import ArgumentParser
internal import Controller
internal import Foundation
internal import NginxConfig
internal import Routing

struct DnsmasqCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dnsmasq", abstract: "Print the configuration of the dnsmasq sidecar.",
        discussion: "Uses the name servers of /etc/resolv.conf, but not its search domains.")

    @Option(Settings.resolvConf) var resolvConf: String?
    @Option(Settings.listen()) var listen: String?
    @Option(Settings.hostsDir) var hostsDir: String?
    @Option(Settings.templateDir) var templateDir: String?

    func run() async throws {
        var reader = SettingReader(environment: ProcessInfo.processInfo.environment)
        let port = try reader.value(of: Settings.resolverPort) ?? .dns
        let address = try reader.value(Settings.listen(port: port), listen)
        let folder =
            try reader.value(Settings.templateDir, templateDir)
            ?? Installation.templates(in: Installation.shareFolder)
        let hosts = try reader.value(Settings.hostsDir, hostsDir)
        let file = try reader.value(Settings.resolvConf, resolvConf)
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw StartupError("\(file): expected a readable resolv.conf; set --resolv-conf to another file")
        }
        let templates = try TemplateDirectory.load(folder)
        do throws(InvalidValue) {
            var config = try DnsmasqConfig(listen: address, resolvConf: text)
            config.hostsFolder = hosts
            FileOutput.standardOutput.write(config.rendered(with: templates))
        } catch {
            throw StartupError(
                "\(file): expected \(error.expected), found \(error.value.isEmpty ? "none" : "'\(error.value)'")")
        }
    }
}
