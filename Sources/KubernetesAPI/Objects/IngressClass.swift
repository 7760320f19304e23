/// networking.k8s.io/v1 IngressClass.
public struct IngressClass: KubernetesObject {
    public static let kind = ObjectKind.ingressClass

    public var metadata: ObjectMeta
    /// `spec.controller`.
    public var controller: String

    public init(metadata: ObjectMeta, controller: String) {
        self.metadata = metadata
        self.controller = controller
    }
}
