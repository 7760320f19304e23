internal import KubernetesAPI

/// Finds the address and the port of an Ingress backend in the Services.
struct ServiceLookup {
    /// The keys that were looked up, in one routing.
    final class Wanted {
        fileprivate(set) var keys: Set<ObjectKey> = []
        /// Those since the last `takeRecent`.
        private var recent: Set<ObjectKey> = []

        func takeRecent() -> Set<ObjectKey> {
            defer { recent = [] }
            return recent
        }

        func insert(_ key: ObjectKey) {
            keys.insert(key)
            recent.insert(key)
        }

        func formUnion(_ more: some Sequence<ObjectKey>) { keys.formUnion(more) }
    }

    /// Everything that the backends of an Ingress depend on.
    struct State: Sendable, Equatable {
        let service: Service?
        let hasSlices: Bool
    }

    let services: [ObjectKey: Service]
    let endpoints: EndpointLookup
    let clusterDomain: DNSName
    let upstreams: UpstreamForm
    let wanted = Wanted()

    /// - Parameter byPods: whether the pods are looked up by the Service's own port; otherwise requests go to it.
    /// - Returns: a failure whose field is relative to the backend's.
    func find(_ backend: Ingress.Backend, namespace: String, byPods: Bool) -> Result<Backend, FieldRejection> {
        switch backend {
        case .resource(let description):
            return .failure(
                FieldRejection(field: ".resource", value: description, explanation: "expected a Service")
            )
        case .service(let name, let port):
            let key = ObjectKey(namespace: namespace, name: name)
            wanted.insert(key)
            guard let service = services[key] else {
                return .failure(
                    FieldRejection(
                        field: ".service.name", value: name, reason: .serviceNotFound,
                        explanation: "no such Service in namespace \(namespace); requests get 503 until it exists"))
            }
            return Result { () throws(FieldRejection) in
                let own = try self.port(port, of: service)
                return .service(
                    key, address: try address(of: service), port: byPods ? own : try target(of: own, service))
            }
        }
    }

    func state(of key: ObjectKey) -> State {
        State(service: services[key], hasSlices: endpoints.hasSlices(of: key))
    }

    func isExternal(_ service: ObjectKey) -> Bool { services[service]?.type == "ExternalName" }

    /// The pods of each backend that has any, or that has slices without usable pods and is not reached by name then.
    func endpoints(of pods: Set<Backend>) -> [Backend: [AddressAndPort]] {
        pods.reduce(into: [:]) { found, backend in
            switch backend {
            case .pods(let service, _, let port):
                let endpoints = endpoints(of: service, port: port)
                if !endpoints.isEmpty || hasNoName(service) { found[backend] = endpoints }
            case .endpoints(let service, _, let port, _) where hasNoName(service):
                found[backend] = endpoints(of: service, target: port)
            case .endpoints, .service, .unavailable, .split, .blueGreen: break
            }
        }
    }

    /// - Parameter port: the Service's own.
    private func endpoints(of service: ObjectKey, port: ServicePort) -> [AddressAndPort] {
        // Several ports may have one number, each with a protocol of its own.
        let names = (services[service]?.ports ?? []).filter { $0.port == port.number }.map(\.name)
        return endpoints.endpoints(of: service, port: Set(names))
    }

    /// True if requests for the Service without usable pods get 503. Behind its name may be a pod that has the address of one
    /// that is gone.
    private func hasNoName(_ service: ObjectKey) -> Bool {
        upstreams == .endpoints && endpoints.hasSlices(of: service)
    }

    /// - Parameter target: the port to which requests for the Service's name go.
    private func endpoints(of service: ObjectKey, target: ServicePort) -> [AddressAndPort] {
        guard let service = services[service] else { return [] }
        let ports = service.ports.filter { port in
            (try? ServicePort(port.port)).flatMap { try? self.target(of: $0, service) } == target
        }
        return endpoints.endpoints(of: service.key, port: Set(ports.map(\.name)))
    }

    private func address(of service: Service) throws(FieldRejection) -> DNSName {
        if service.type == "ExternalName" {
            do throws(InvalidValue) {
                // A trailing dot marks a name as absolute, which every externalName is.
                let target = service.externalName ?? ""
                let name = try DNSName(target.hasSuffix(".") ? String(target.dropLast()) : target)
                guard name.text != "localhost", !name.text.hasSuffix(".localhost") else {
                    throw InvalidValue(target, expected: "a name other than localhost")
                }
                return name
            } catch {
                throw FieldRejection(
                    field: ".service.name", value: service.metadata.name,
                    explanation: "externalName: expected \(error.expected), found \(quoted(error.value))")
            }
        }
        do {
            return try DNSName("\(service.metadata.name).\(service.metadata.namespace).svc.\(clusterDomain)")
        } catch {
            throw FieldRejection(
                field: ".service.name", value: service.metadata.name,
                explanation: "expected \(error.expected)")
        }
    }

    private func port(_ port: Ingress.Backend.Port, of service: Service) throws(FieldRejection) -> ServicePort {
        let number: Int
        switch port {
        case .absent:
            throw FieldRejection(
                field: ".service.port", value: "", explanation: "expected a number or a name")
        case .name(let name):
            guard let found = service.ports.first(where: { $0.name == name }) else {
                throw missing(field: ".service.port.name", value: name, service)
            }
            number = found.port
        case .number(let given):
            number = given
        }
        let checked: ServicePort
        do {
            checked = try ServicePort(number)
        } catch {
            throw FieldRejection(
                field: ".service.port.number", value: error.value,
                explanation: "expected \(error.expected)")
        }
        // An ExternalName Service need not list ports.
        let listed = service.ports.contains { $0.port == number }
        guard listed || (service.type == "ExternalName" && service.ports.isEmpty) else {
            throw missing(field: ".service.port.number", value: String(number), service)
        }
        return checked
    }

    private func missing(field: String, value: String, _ service: Service) -> FieldRejection {
        var ports = service.ports.prefix(10).map { $0.name.isEmpty ? String($0.port) : "\($0.name)=\($0.port)" }
        if service.ports.count > ports.count { ports.append("\(service.ports.count - ports.count) more") }
        return FieldRejection(
            field: field, value: value, reason: .serviceNotFound,
            explanation:
                "expected a port of Service \(service.key), which has \(ports.isEmpty ? "none" : ports.joined(separator: ", "))"
        )
    }
}
