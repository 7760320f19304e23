internal import Kubernetes

extension ServiceLookup {
    /// Where requests for a Service's port go. The name of a headless one gives its pods, and no proxy puts their port in
    /// the place of the Service's.
    func target(of port: ServicePort, _ service: Service) throws(Problem) -> ServicePort {
        guard service.isHeadless,
            let target = service.ports.first(where: { $0.port == port.number && $0.protocol == "TCP" })?.targetPort
        else { return port }
        let problem = Problem(
            field: ".service.port", value: "\(port.number)", reason: .invalidRule,
            explanation: "Service \(service.key) is headless, and its targetPort \(quoted(target.written)) is no port "
                + "number: give it there, or choose the pods by the annotation affinity")
        guard case .number(let number) = target else { throw problem }
        do {
            return try ServicePort(number)
        } catch {
            throw problem
        }
    }
}

extension Service.TargetPort {
    fileprivate var written: String {
        switch self {
        case .number(let number): String(number)
        case .name(let name): name
        }
    }
}
