internal import Basics

/// Annotations with rules of their own.
extension AnnotationSetting {
    /// Addresses and ranges. Invalid elements are rejected, so a mistake never allows more clients.
    static func ranges(
        _ field: SettingField<[AddressRange]?>,
        listed: @escaping @Sendable ([AddressRange]) -> String
    ) -> AnnotationSetting {
        .field(
            field, listed: { $0.map(listed) },
            read: { text, _ in
                var ranges: Set<AddressRange> = []
                var rejections: [String] = []
                let elements = text.split(separator: ",", omittingEmptySubsequences: false)
                for element in elements.prefix(maximumRanges) {
                    do throws(InvalidValue) {
                        ranges.insert(try AddressRange(String(element).trimmed))
                    } catch {
                        rejections.append(
                            "expected \(error.expected), found \(quoted(error.value)); this element is rejected")
                    }
                }
                if elements.count > maximumRanges {
                    rejections.append(
                        "expected at most \(maximumRanges) ranges, found \(elements.count); those after them are rejected"
                    )
                }
                return (ranges.sorted(), rejections)
            })
    }

    /// nginx compares each with the address of every client, and the configuration has all of them once for each host.
    private static let maximumRanges = 256

    /// The users of a path in Vault below the operator's prefix, or of a Secret: the controller may read what this Ingress may not use,
    /// such as the users of another team. A rejected value denies every request.
    static func users(
        _ field: SettingField<BasicAuth?>, listed: @escaping @Sendable (BasicAuth) -> String
    ) -> AnnotationSetting {
        .field(
            field, listed: { $0.map(listed) },
            read: { text, context in
                do throws(InvalidValue) {
                    if text.hasPrefix(HtpasswdSource.secretPrefix) { return (try secret(text, context), []) }
                    return (.users(try context.basicAuthPrefix.path(text, namespace: context.namespace)), [])
                } catch {
                    return (.nobody, ["expected \(error.expected)"])
                }
            })
    }

    /// A Secret in the namespace of the Ingress, as for certificates.
    private static func secret(_ text: String, _ context: AnnotationContext) throws(InvalidValue) -> BasicAuth {
        guard context.kubernetesSecrets else {
            throw InvalidValue(
                text, expected: "a path in Vault; Secrets are read only if the operator sets --kubernetes-secrets")
        }
        let name = String(text.dropFirst(HtpasswdSource.secretPrefix.count))
        guard case .secret(let object) = try HtpasswdSource(secret: name, namespace: context.namespace) else {
            return .nobody
        }
        return .secret(object)
    }

    /// The path of a certificate in Vault below the operator's prefix. A rejected value leaves the path that applies to all.
    static func certificatePath(_ field: SettingField<VaultPath?>) -> AnnotationSetting {
        .field(
            field, listed: { $0?.text },
            read: { text, context in
                guard let prefix = context.vaultPathPrefix else {
                    return (nil, ["expected no path, because the operator has not set --vault-path-prefix"])
                }
                do throws(InvalidValue) {
                    return (try prefix.path(text, namespace: context.namespace), [])
                } catch {
                    return (nil, ["expected \(error.expected)"])
                }
            })
    }

    /// A split is part of the backends that it divides: it is listed and coded with them.
    static let split = backends { text, _, settings throws(InvalidValue) in
        settings.split = try Split(text)
    }

    /// Rejected without a split, because it has no effect.
    static let splitKey = backends { text, context, settings throws(InvalidValue) in
        settings.splitKey = try StickyKey(text)
        if !context.hasSplit { throw InvalidValue(text, expected: "the annotation \(Annotation.split.name) as well") }
    }

    private static func backends(
        _ read: @escaping @Sendable (String, AnnotationContext, inout IngressSettings) throws(InvalidValue) -> Void
    ) -> AnnotationSetting {
        AnnotationSetting(
            read: { text, context, settings in
                do throws(InvalidValue) {
                    try read(text, context, &settings)
                    return []
                } catch {
                    return ["expected \(error.expected)"]
                }
            }, listed: { _ in nil }, encode: { _, _, _ in }, decode: { _, _, _ in })
    }
}
