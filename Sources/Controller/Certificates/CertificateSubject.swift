internal import NginxConfig
public import Routing

/// The purpose of a certificate.
public enum CertificateSubject: Sendable, Hashable, Comparable, CustomStringConvertible {
    case host(Host)
    /// The default certificate, for names that no Ingress claims.
    case unknownNames

    public var description: String {
        switch self {
        case .host(let host): "\(host)"
        case .unknownNames: "default certificate"
        }
    }

    /// The name that the certificate has to cover; nil if any name will do.
    var name: String? {
        if case .host(let host) = self { host.name } else { nil }
    }

    public static func < (left: CertificateSubject, right: CertificateSubject) -> Bool {
        switch (left, right) {
        case (.host(let left), .host(let right)): left < right
        case (.host, .unknownNames): true
        default: false
        }
    }
}

extension CertificateSet {
    var bySubject: [CertificateSubject: ServedCertificate] {
        get {
            var found: [CertificateSubject: ServedCertificate] = [:]
            for (host, certificate) in byHost { found[.host(host)] = certificate }
            found[.unknownNames] = fallback
            return found
        }
        set {
            self = CertificateSet(fallback: newValue[.unknownNames])
            for case (.host(let host), let certificate) in newValue { byHost[host] = certificate }
        }
    }
}
