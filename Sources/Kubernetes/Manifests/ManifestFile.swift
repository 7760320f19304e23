internal import Basics
public import KubernetesAPI
internal import Yams

public import struct Foundation.Date

/// The objects of a manifest: YAML with any number of documents, or JSON. Items of lists (`kind: List`) are read too.
public struct ManifestFile: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        public var object: APIObject
        public var line: Int
        /// True if the manifest contains the creation time.
        var isDated: Bool
    }

    /// A document of a kind or API version that this program does not read.
    struct Ignored: Sendable, Equatable {
        var apiVersion: String
        var kind: String
        var line: Int
    }

    let name: String
    public internal(set) var entries: [Entry] = []
    private(set) var ignored: [Ignored] = []

    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - name: for messages.
    ///   - created: the creation time of objects without `creationTimestamp`.
    /// - Throws: the first problem of the file.
    public init(_ bytes: [UInt8], name: String, created: Date) throws(ManifestError) {
        self.name = name
        let context = Context(created: created, resourceVersion: FNV1a.hash(bytes))
        do throws(YAMLProblem) {
            let documents = try YAMLDocuments(bytes)
            for root in documents.roots { try read(root, TypeMeta(), context, prefix: "") }
        } catch {
            throw ManifestError(file: name, error)
        }
    }

    private struct Context {
        let created: Date
        let resourceVersion: String
    }

    private struct TypeMeta: Decodable {
        var apiVersion: String?
        var kind: String?
    }

    /// - Parameter inherited: the version and kind of items that do not name their own, from a typed list
    ///   (`IngressList`).
    private mutating func read(
        _ node: Node, _ inherited: TypeMeta, _ context: Context, prefix: String
    ) throws(YAMLProblem) {
        let own = try YAMLDocuments.decode(TypeMeta.self, from: node, prefix: prefix)
        let line = node.mark?.line ?? 1
        func missing(_ field: String) -> YAMLProblem {
            YAMLProblem(
                line: line, column: node.mark?.column ?? 1, field: prefix,
                message: "expected a field \"\(field)\", found none")
        }
        guard let apiVersion = own.apiVersion ?? inherited.apiVersion else { throw missing("apiVersion") }
        guard let kind = own.kind ?? inherited.kind else { throw missing("kind") }

        switch (kind, apiVersion) {
        case ("Ingress", "networking.k8s.io/v1"), ("Ingress", "networking.k8s.io/v1beta1"),
            ("Ingress", "extensions/v1beta1"):
            let object = try YAMLDocuments.decode(Ingress.self, from: node, prefix: prefix)
            append(.ingress(object), line: line, context)
        case ("IngressClass", "networking.k8s.io/v1"), ("IngressClass", "networking.k8s.io/v1beta1"):
            let object = try YAMLDocuments.decode(IngressClass.self, from: node, prefix: prefix)
            append(.ingressClass(object), line: line, context)
        case ("Service", "v1"):
            let object = try YAMLDocuments.decode(Service.self, from: node, prefix: prefix)
            append(.service(object), line: line, context)
        case ("EndpointSlice", "discovery.k8s.io/v1"), ("EndpointSlice", "discovery.k8s.io/v1beta1"):
            let object = try YAMLDocuments.decode(EndpointSlice.self, from: node, prefix: prefix)
            append(.endpointSlice(object), line: line, context)
        case (let list, _) where list.hasSuffix("List") && node.mapping?["items"]?.sequence != nil:
            let kind = list == "List" ? nil : String(list.dropLast("List".count))
            let inherited = TypeMeta(apiVersion: kind == nil ? nil : apiVersion, kind: kind)
            for (index, item) in (node.mapping?["items"]?.sequence ?? []).enumerated() {
                try read(item, inherited, context, prefix: "items[\(index)]")
            }
        default:
            ignored.append(Ignored(apiVersion: apiVersion, kind: kind, line: line))
        }
    }

    private mutating func append(_ object: APIObject, line: Int, _ context: Context) {
        var object = object
        let undated = object.metadata.creationTimestamp == Date(timeIntervalSince1970: 0)
        if undated { object.metadata.creationTimestamp = context.created }
        if object.kind == .ingressClass {
            object.metadata.namespace = ""
        } else if object.metadata.namespace.isEmpty {
            object.metadata.namespace = "default"
        }
        if object.metadata.uid.isEmpty { object.metadata.uid = "\(object.kind.rawValue)/\(object.key)" }
        object.metadata.resourceVersion = context.resourceVersion
        object.metadata.lastWriter = object.metadata.lastWriter ?? .init(manager: name, time: nil)
        entries.append(Entry(object: object, line: line, isDated: !undated))
    }
}
