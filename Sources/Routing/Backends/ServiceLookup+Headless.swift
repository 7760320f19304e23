internal import KubernetesAPI

/// The ports of headless Services. Their names resolve to pods, and no proxy translates the port of the Service to that
/// of its pods.
extension ServiceLookup {
    /// The port to which requests for a port of the Service go.
    func target(of port: ServicePort, _ service: Service) throws(FieldRejection) -> ServicePort {
        guard case .number(let number) = targetPort(of: port, service) else { return port }
        do throws(InvalidValue) {
            return try ServicePort(number)
        } catch {
            throw FieldRejection(
                field: ".service.port", value: "\(port.number)",
                explanation:
                    "targetPort of the headless Service \(service.key): expected \(error.expected), found \(number)")
        }
    }

    /// The rejection of a `targetPort` that is a name, which only the pods can resolve. Requests go to the Service's
    /// own port, which may be the right one.
    func namedTargetPort(of found: Backend) -> FieldRejection? {
        guard case .service(let key, _, let port) = found, let service = services[key],
            case .name(let name) = targetPort(of: port, service)
        else { return nil }
        return FieldRejection(
            field: ".service.port", value: "\(port.number)",
            explanation:
                "targetPort of the headless Service \(key): expected a number, found \(quoted(name)); requests go to port "
                + "\(port.number) of its pods; set a numeric targetPort, or the annotation affinity")
    }

    private func targetPort(of port: ServicePort, _ service: Service) -> Service.TargetPort? {
        guard service.isHeadless else { return nil }
        return service.ports.first { $0.port == port.number && $0.protocol == "TCP" }?.targetPort
    }
}
