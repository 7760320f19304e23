package import KubernetesAPI

/// The labels and annotations of an Ingress that this program reads.
package enum IngressMetadata {
    /// The class of an Ingress without `spec.ingressClassName`, as before Kubernetes 1.18.
    static let classAnnotation = "kubernetes.io/ingress.class"

    /// Annotations with this program's prefix that do not exist are kept, because they are reported; those of other
    /// controllers that protect a host, because they close it.
    package static let filter = MetadataFilter(
        labels: { IngressLabel(rawValue: $0) != nil },
        annotations: {
            $0 == classAnnotation || $0.hasPrefix(Annotation.prefix) || ForeignProtection.isKnown($0)
        })
}
