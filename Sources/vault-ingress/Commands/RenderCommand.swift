internal import ArgumentParser
internal import Controller
internal import Foundation
internal import Kubernetes
internal import KubernetesAPI
internal import Nginx
internal import NginxConfig
internal import Routing

struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Print the nginx configuration for manifests, without a cluster.",
        discussion: "Prints every rejection to standard error and exits with 1 if there is one.")

    @Argument(help: "Manifests of Ingresses, IngressClasses, Services and EndpointSlices; - for standard input.")
    var files: [String]
    @OptionGroup var options: RunOptions

    func run() async throws {
        let settings = try RunSettings(
            options, environment: ProcessInfo.processInfo.environment, shareFolder: Installation.shareFolder,
            isTerminal: FileOutput.standardError.isTerminal)
        let set = ManifestSet(try files.map(read))
        let routed = Router(options: settings.routingOptions)
            .route(Snapshot(set.objects), policy: try settings.readHostPolicy())
        let renderer = ConfigurationRenderer(
            templates: try TemplateDirectory.load(settings.templateFolder), settings: settings.nginxSettings(.oldest))
        FileOutput.standardOutput.write(renderer.render(Configuration(table: routed.table)).main)
        for problem in set.duplicates { FileOutput.standardError.write("\(problem)\n") }
        for rejection in routed.rejections { FileOutput.standardError.write("\(rejection)\n") }
        if !routed.rejections.isEmpty || !set.duplicates.isEmpty { throw ExitCode(1) }
    }

    private func read(_ file: String) throws -> ManifestFile {
        if file == "-" {
            let data = try FileHandle.standardInput.readToEnd() ?? Data()
            return try ManifestFile(Array(data), name: "standard input", created: Date(timeIntervalSince1970: 0))
        }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw StartupError("cannot read \(file): expected a YAML or JSON file, or - for standard input")
        }
        // Manifests without a creation time all get the same one, so that equal files give equal output.
        return try ManifestFile(Array(data), name: file, created: Date(timeIntervalSince1970: 0))
    }
}
