import Escaping
import Foundation
import Testing

@testable import KubernetesAPI

@Suite("Scanner of objects") struct ObjectScannerTests {
    private static let filter = MetadataFilter(
        labels: { $0 == "ssl" }, annotations: { $0.hasPrefix("vault-ingress.io/") })

    private func scan(_ text: String, _ shape: ObjectScanner.Shape, chunk: Int = 1 << 20) throws
        -> (objects: [ScannedObject], envelope: String)
    {
        var scanner = ObjectScanner(shape, filter: Self.filter)
        let bytes = Array(text.utf8)
        var objects: [ScannedObject] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            objects += try scanner.read(Array(bytes[start..<min(start + chunk, bytes.count)]))
        }
        if let last = try scanner.finish() { objects.append(last) }
        return (objects, String(decoding: scanner.envelope, as: UTF8.self))
    }

    private static let list = #"""
        {"kind":"IngressList" , "metadata":{"resourceVersion":"7","continue":"x"},
         "items": [ {"metadata": {"name":"a\"}]","namespace":"n","resourceVersion":"1", "uid":"u",
             "labels":{"app":"[","ssl":"true"}, "annotations":{"other/x":"{\"a\":[1,2]}", "vault-ingress.io/hsts":"1","kubectl.kubernetes.io/x":"y"},
             "ownerReferences":[{"name":"z"}],
             "managedFields":[{"manager":"m","operation":"Update","time":"t","subresource":"status","fieldsV1":{"f:status":{"f:loadBalancer":{".":{},"f:ingress":{"f:deep":{}}},"f:x":{}},"f:spec":{}}}, {"manager":"k"}]},
           "spec":{"rules":[{"host":"é \\\" , ] }"}], "n":-1.5e3}},
          7, {}, {"metadata":null,"spec":{}} ]}
        """#

    @Test("parts that no code reads are dropped; the rest stays", arguments: [1, 2, 7, 64, 1 << 20])
    func drops(chunk: Int) throws {
        let (objects, envelope) = try scan(Self.list, .list, chunk: chunk)
        #expect(envelope == #"{"kind":"IngressList","metadata":{"resourceVersion":"7","continue":"x"},"items":[]}"#)
        #expect(
            objects.map { String(decoding: $0.json, as: UTF8.self) } == [
                #"{"metadata":{"name":"a\"}]","namespace":"n","resourceVersion":"1","uid":"u","labels":{"ssl":"true"},"#
                    + #""annotations":{"vault-ingress.io/hsts":"1"},"managedFields":[{"manager":"m","time":"t","#
                    + #""subresource":"status","fieldsV1":{"f:status":{"f:loadBalancer":{"f:ingress":{}}}}},{"manager":"k"}]},"#
                    + #""spec":{"rules":[{"host":"é \\\" , ] }"}], "n":-1.5e3}}"#,
                "7", "{}", #"{"metadata":null,"spec":{}}"#,
            ])
        #expect(objects[0].identity.key == ObjectKey(namespace: "n", name: "a\"}]"))
        #expect(objects[0].identity.resourceVersion == "1")
    }

    @Test("a watch event has its type outside of the object, in either order")
    func watchEvent() throws {
        for text in [
            #"{"type":"ADDED","object":{"metadata":{"name":"a","x":1}}}"#,
            #"{"object":{"metadata":{"x":1,"name":"a"}},"type":"ADDED"}"#,
        ] {
            let (objects, envelope) = try scan(text, .watchEvent)
            #expect(envelope == #"{"type":"ADDED"}"#)
            #expect(objects.map { String(decoding: $0.json, as: UTF8.self) } == [#"{"metadata":{"name":"a"}}"#])
        }
    }

    @Test("no depth of nesting has an effect where the text is dropped", arguments: [600, 1_000_000])
    func depth(depth: Int) throws {
        let nested = String(repeating: #"{"f:a":"#, count: depth) + "{}" + String(repeating: "}", count: depth)
        let lists = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        for field in [
            #""managedFields":[{"manager":"m","fieldsV1":\#(nested)}]"#,
            #""managedFields":[{"manager":"m","other":\#(lists)}]"#,
            #""annotations":{"other":\#(nested)}"#, #""ownerReferences":\#(lists)"#, #""labels":{"other":\#(lists)}"#,
            #""managedFields":[{"manager":"m","fieldsV1":{"f:status":{"f:loadBalancer":{"f:ingress":\#(nested)}}}}]"#,
        ] {
            let line = #"{"type":"ADDED","object":{"metadata":{"name":"deep",\#(field)},"spec":{}}}"#
            let event = try WatchEvent<Ingress>(line: Array(line.utf8), filter: Self.filter)
            guard case .upsert(let ingress) = event else {
                Issue.record("\(field.prefix(60)): \(event)")
                continue
            }
            #expect(ingress.metadata.name == "deep")
        }
    }

    @Test(
        "an object that is nested too deep where the text is read is named, in a list and in a watch",
        arguments: [
            #""spec":NESTED"#, #""spec":{"rules":NESTED}"#, #""status":{"loadBalancer":{"ingress":NESTED}}"#,
            #""metadata":{"name":"deep","namespace":"shop","resourceVersion":"9","creationTimestamp":NESTED}"#,
        ])
    func undecodable(field: String) throws {
        let nested = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        let metadata =
            field.contains("metadata")
            ? "" : #""metadata":{"name":"deep","namespace":"shop","resourceVersion":"9"},"#
        let object = "{\(metadata)\(field.replacingOccurrences(of: "NESTED", with: nested))}"
        let event = try WatchEvent<Ingress>(
            line: Array(#"{"type":"MODIFIED","object":\#(object)}"#.utf8), filter: Self.filter)
        guard case .undecodable(let bad) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(bad.key == ObjectKey(namespace: "shop", name: "deep"))
        #expect(bad.resourceVersion == "9")
        #expect(bad.problem.utf8.count < 500)

        guard
            case .delete(let last) = try WatchEvent<Ingress>(
                line: Array(#"{"type":"DELETED","object":\#(object)}"#.utf8), filter: Self.filter)
        else {
            Issue.record("a deletion needs only the name")
            return
        }
        #expect(last.key == bad.key)
        #expect(last.resourceVersion == "9")

        var reader = ObjectListReader<Ingress>(filter: Self.filter)
        try reader.read(
            Array(#"{"metadata":{"resourceVersion":"7"},"items":[\#(object),{"metadata":{"name":"good"}}]}"#.utf8))
        let list = try reader.finish()
        guard case .undecodable(bad) = list.items[0], case .object(let good) = list.items[1] else {
            Issue.record("\(list.items)")
            return
        }
        #expect(good.metadata.name == "good")
    }

    @Test("an object above the limit is named, and takes no more memory than the limit")
    func tooLarge() throws {
        var scanner = ObjectScanner(.list, filter: Self.filter, maximumItemBytes: 200)
        let text = String(repeating: "x", count: 5000)
        let objects = try scanner.read(
            Array(#"{"items":[{"metadata":{"name":"big"},"spec":{"a":"\#(text)"}},{"metadata":{"name":"b"}}]}"#.utf8))
        #expect(objects.map(\.isTooLarge) == [true, false])
        #expect(objects[0].json.count == 200)
        guard case .undecodable(let big) = DecodedObject<Ingress>(objects[0]) else {
            Issue.record("decoded")
            return
        }
        #expect(big.key.name == "big")
        #expect(big.problem == "expected at most 8 MB, found more")
    }

    @Test("text outside of the objects is bounded")
    func envelope() throws {
        var scanner = ObjectScanner(.list, filter: Self.filter)
        let text = String(repeating: "x", count: 1 << 20)
        _ = try scanner.read(Array(#"{"a":"\#(text)","\#(text)":1,"items":[]}"#.utf8))
        #expect(scanner.envelope.count <= ObjectScanner.maximumEnvelopeBytes)
    }

    @Test(
        "text that is not JSON of the expected shape is an error with its place",
        arguments: [
            ("", "byte 0: expected more"), ("{", "byte 1: expected more"), (#"{"items":[{}"#, "byte 12: expected more"),
            (#"{"items":[{} {}]}"#, "byte 13: expected ','"), (#"{"items" [1]}"#, "byte 9: expected ':'"),
            (#"{items:[]}"#, "byte 1: expected a name"), (#"{"items":[1}}"#, "byte 11: expected ','"),
            (#"{"items":[]}]"#, "byte 12: expected the end"), (#"{"items":["a"#, "byte 12: expected more"),
        ])
    func invalid(text: String, problem: String) {
        let error = #expect(throws: ScanError.self) { try scan(text, .list, chunk: 3) }
        #expect("\(error.map { "\($0)" } ?? "")".hasPrefix(problem))
    }

    @Test("no input crashes the scanner, and it ends")
    func random() {
        var random = SeededGenerator(seed: 42)
        let alphabet = Array(#"{}[]",:\ a1né"items""metadata""annotations""managedFields""name""labels"{{[["#.utf8)
        let valid = Array(Self.list.utf8)
        for round in 0..<3000 {
            var bytes = round.isMultiple(of: 2) ? valid : []
            for _ in 0..<Int.random(in: 0..<60, using: &random) {
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                if bytes.isEmpty || round.isMultiple(of: 3) {
                    bytes.append(byte)
                } else {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = byte
                }
            }
            var scanner = ObjectScanner(round.isMultiple(of: 5) ? .object : .list, filter: Self.filter)
            do throws(ScanError) {
                for object in try scanner.read(bytes) { _ = DecodedObject<Ingress>(object) }
                _ = try scanner.finish()
            } catch {
                #expect(error.offset <= bytes.count)
            }
        }
    }
}
