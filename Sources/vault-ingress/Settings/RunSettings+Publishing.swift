internal import Controller
internal import Kubernetes
internal import KubernetesAPI
internal import Routing

extension RunSettings {
    /// A flag for one of the two wins over the environment's word for the other; two of the same rank contradict.
    static func published(_ options: RunOptions, _ reader: SettingReader) throws -> StatusPublisher.Source? {
        let environment = reader.environment
        if options.publishAddress != nil, options.publishService != nil {
            throw UsageError("--publish-address and --publish-service: expected one of them, found both")
        }
        if options.publishAddress == nil, options.publishService == nil,
            environment["PUBLISH_ADDRESS"]?.isEmpty == false, environment["PUBLISH_SERVICE"]?.isEmpty == false
        {
            throw UsageError("PUBLISH_ADDRESS and PUBLISH_SERVICE: expected one of them, found both")
        }
        if options.publishService == nil,
            let addresses = try reader.read(
                options.publishAddress, flag: "--publish-address", variable: "PUBLISH_ADDRESS",
                parse: Parsing.loadBalancerAddresses)
        {
            return .addresses(addresses)
        }
        return try reader.read(
            options.publishService, flag: "--publish-service", variable: "PUBLISH_SERVICE", parse: Parsing.objectKey
        ).map { .service($0) }
    }
}
