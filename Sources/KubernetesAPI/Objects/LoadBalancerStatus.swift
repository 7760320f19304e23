/// The `status.loadBalancer` of an Ingress: the addresses at which its hosts can be reached.
public struct LoadBalancerStatus: Sendable, Equatable {
    public var addresses: [LoadBalancerAddress]
    /// The field manager that owns the addresses (`managedFields`); nil if several own them, or if the server does not
    /// record owners (before 1.18).
    public var writer: String?

    public init(addresses: [LoadBalancerAddress] = [], writer: String? = nil) {
        self.addresses = addresses
        self.writer = writer
    }
}

/// An element of `status.loadBalancer.ingress` of an Ingress or a Service.
public struct LoadBalancerAddress: Sendable, Hashable, Codable, CustomStringConvertible {
    public var ip: String?
    public var hostname: String?

    public init(ip: String? = nil, hostname: String? = nil) {
        self.ip = ip
        self.hostname = hostname
    }

    public var description: String { [hostname, ip].compactMap { $0 }.joined(separator: "=") }
}

extension LoadBalancerStatus: Decodable {
    private enum CodingKeys: String, CodingKey {
        case metadata, status
    }

    private struct Metadata: Decodable {
        let managedFields: [Entry]?
    }

    /// The part of a ManagedFieldsEntry that shows who set the addresses.
    private struct Entry: Decodable {
        let manager: String?
        let fieldsV1: Fields?

        var ownsAddresses: Bool { fieldsV1?.status?.loadBalancer?.hasIngress == true }
    }

    private struct Fields: Decodable {
        let status: Status?

        private enum CodingKeys: String, CodingKey {
            case status = "f:status"
        }

        struct Status: Decodable {
            let loadBalancer: LoadBalancer?

            private enum CodingKeys: String, CodingKey {
                case loadBalancer = "f:loadBalancer"
            }
        }

        struct LoadBalancer: Decodable {
            let hasIngress: Bool

            private enum CodingKeys: String, CodingKey {
                case ingress = "f:ingress"
            }

            init(from decoder: any Decoder) throws {
                hasIngress = try decoder.container(keyedBy: CodingKeys.self).contains(.ingress)
            }
        }
    }

    private struct Status: Decodable {
        let loadBalancer: LoadBalancer?

        struct LoadBalancer: Decodable {
            let ingress: [LoadBalancerAddress]?
        }
    }

    /// Reads the status and its writer from the whole object.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let owners =
            try fields.decodeIfPresent(Metadata.self, forKey: .metadata)?.managedFields?
            .filter(\.ownsAddresses).map(\.manager) ?? []
        self.init(
            addresses: try fields.decodeIfPresent(Status.self, forKey: .status)?.loadBalancer?.ingress ?? [],
            writer: owners.count == 1 ? owners[0] : nil)
    }
}
