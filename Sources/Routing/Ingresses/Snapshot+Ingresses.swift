internal import KubernetesAPI

extension Snapshot {
    /// The Ingresses whose class is this controller's, oldest first (`creationTimestamp`, then namespace, then name):
    /// the order in which they claim hosts.
    func ingresses(_ options: RoutingOptions) -> [Ingress] {
        ingresses.values
            .filter { isOurs($0, options) }
            .sorted { ($0.metadata.creationTimestamp, $0.key) < ($1.metadata.creationTimestamp, $1.key) }
    }

    private func isOurs(_ ingress: Ingress, _ options: RoutingOptions) -> Bool {
        if let name = ingress.spec.ingressClassName {
            let ingressClass = ingressClasses[ObjectKey(namespace: "", name: name)]
            return ingressClass?.controller == RoutingOptions.controllerName
        }
        if let name = ingress.metadata.annotations[IngressMetadata.classAnnotation] {
            return name == options.ingressClass
        }
        return !options.requireIngressClass
    }
}
