import Testing

@testable import Kubernetes
@testable import KubernetesAPI

@Suite struct ListDecodingTests {
    @Test("an undecodable object is named, and the others are read")
    func undecodable() throws {
        let list: ObjectList<Ingress> = try list(
            """
            {"metadata":{"resourceVersion":"77","continue":"next"},"items":[
              {"metadata":{"name":"a","namespace":"x","resourceVersion":"1"},"spec":{"rules":"none"}},
              {"metadata":{"name":"b","namespace":"x","resourceVersion":"2"}}]}
            """)
        #expect(list.resourceVersion == "77")
        #expect(list.next == "next")
        #expect(list.items.count == 2)
        guard case .undecodable(let bad) = list.items[0], case .object(let good) = list.items[1] else {
            Issue.record("unexpected \(list.items)")
            return
        }
        #expect(bad.key == ObjectKey(namespace: "x", name: "a"))
        #expect(bad.resourceVersion == "1")
        #expect(bad.problem.hasPrefix("spec.rules: expected a list"))
        #expect(good.metadata.name == "b")
    }

    @Test("an empty list may be null, and an empty continue token ends the list")
    func empty() throws {
        let list: ObjectList<Service> = try list(
            #"{"metadata":{"resourceVersion":"5","continue":""},"items":null}"#)
        #expect(list.items.isEmpty)
        #expect(list.next == nil)
    }

    @Test("Services and IngressClasses are read")
    func others() throws {
        let service: Service = try decode(
            #"""
            {"metadata":{"name":"s","namespace":"n"},
             "spec":{"type":"ExternalName","externalName":"example.com","ports":[{"port":80,"targetPort":"http"},{"name":"x","port":81}]}}
            """#)
        #expect(
            service
                == Service(
                    metadata: ObjectMeta(name: "s", namespace: "n"), type: "ExternalName", externalName: "example.com",
                    ports: [.init(port: 80, targetPort: .name("http")), .init(name: "x", port: 81)]))
        let headless: Service = try decode(
            #"""
            {"metadata":{"name":"s"},"spec":{"clusterIP":"None","ports":[
             {"port":80,"targetPort":8080,"protocol":"TCP"},{"port":80,"targetPort":0,"protocol":"UDP"}]}}
            """#)
        #expect(
            headless
                == Service(
                    metadata: ObjectMeta(name: "s"), isHeadless: true,
                    ports: [.init(port: 80, targetPort: .number(8080)), .init(port: 80, protocol: "UDP")]))
        let ingressClass: IngressClass = try decode(
            #"{"metadata":{"name":"c"},"spec":{"controller":"vault-ingress.io/controller"}}"#)
        #expect(ingressClass.controller == "vault-ingress.io/controller")
    }

    @Test("watch events are distinguished by their type")
    func events() throws {
        let object = #"{"metadata":{"name":"w","resourceVersion":"9"}}"#
        for (type, expected) in [("ADDED", "upsert w"), ("MODIFIED", "upsert w"), ("DELETED", "delete w")] {
            #expect(try name(#"{"type":"\#(type)","object":\#(object)}"#) == expected)
        }
        #expect(try name(#"{"type":"BOOKMARK","object":\#(object)}"#) == "bookmark 9")
        #expect(try name(#"{"type":"SURPRISE","object":\#(object)}"#) == "unknown SURPRISE")
        #expect(
            try name(
                #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#)
                == "error 410 Expired")
        #expect(try name(#"{"type":"DELETED","object":{"metadata":{"name":"w"},"spec":1}}"#) == "delete w")
        #expect(
            try name(#"{"type":"ADDED","object":{"metadata":{"name":"w","resourceVersion":"9"},"spec":1}}"#)
                == "undecodable w 9")
    }

    private func list<Object: CachedObject>(_ json: String) throws -> ObjectList<Object> {
        var reader = ObjectListReader<Object>(filter: MetadataFilter())
        try reader.read(Array(json.utf8))
        return try reader.finish()
    }

    private func name(_ line: String) throws -> String {
        switch try WatchEvent<Ingress>(line: Array(line.utf8), filter: MetadataFilter()) {
        case .upsert(let object): "upsert \(object.metadata.name)"
        case .delete(let last): "delete \(last.name)"
        case .bookmark(let version): "bookmark \(version)"
        case .error(let status): "error \(status.code) \(status.reason)"
        case .undecodable(let bad): "undecodable \(bad.key) \(bad.resourceVersion)"
        case .unknown(let type): "unknown \(type)"
        }
    }
}
