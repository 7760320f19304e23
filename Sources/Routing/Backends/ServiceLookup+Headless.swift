internal import KubernetesAPI

/// The name of a headless Service gives its pods, and no proxy puts their port in the place of the Service's.
extension ServiceLookup {
    /// Where requests for a Service's port go.
    func target(of port: ServicePort, _ service: Service) throws(FieldRejection) -> ServicePort {
        guard case .number(let number) = targetPort(of: port, service) else { return port }
        do throws(InvalidValue) {
            return try ServicePort(number)
        } catch {
            throw FieldRejection(
                field: ".service.port", value: "\(port.number)",
                explanation:
                    "Service \(service.key) is headless, and its targetPort is \(number), expected \(error.expected)")
        }
    }

    /// What to tell of a Service whose pods' port only its pods know: it is served on the Service's own, which may be it.
    func doubt(about found: Backend) -> FieldRejection? {
        guard case .service(let key, _, let port) = found, let service = services[key],
            case .name(let name) = targetPort(of: port, service)
        else { return nil }
        return FieldRejection(
            field: ".service.port", value: "\(port.number)",
            explanation:
                "Service \(key) is headless, and its targetPort \(quoted(name)) is a name: requests go to port "
                + "\(port.number) of the pods; for another, give its number there, or the annotation affinity here")
    }

    private func targetPort(of port: ServicePort, _ service: Service) -> Service.TargetPort? {
        guard service.isHeadless else { return nil }
        return service.ports.first { $0.port == port.number && $0.protocol == "TCP" }?.targetPort
    }
}
