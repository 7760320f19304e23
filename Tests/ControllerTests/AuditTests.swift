import Controller
import Foundation
import Kubernetes
import Nginx
import NginxConfig
import TestBed
import Testing

@Suite("The audit log")
struct AuditTests {
    private func record(_ change: (inout AuditRecord) -> Void = { _ in }) -> AuditRecord {
        var record = AuditRecord(
            time: Date(timeIntervalSince1970: 1_769_829_165.125), pod: "edge-1", generation: 42, result: .applied,
            causes: [
                Change(
                    kind: .ingress, key: ObjectKey(namespace: "shop", name: "web"), verb: .modified,
                    resourceVersion: "8123", lastWriter: .init(manager: "kubectl-client-side-apply", time: nil))
            ],
            hosts: HostChanges(added: ["a.example.com"], changed: ["b.example.com"]),
            times: .init(
                route: .microseconds(1240), render: .microseconds(3400), test: .milliseconds(20),
                reload: .milliseconds(15), total: .milliseconds(41)),
            hostCount: 120)
        change(&record)
        return record
    }

    @Test("a line holds the fields of the contract, in one fixed order")
    func line() throws {
        let json = try record().json()
        #expect(
            json
                == #"{"causeCount":1,"causes":[{"change":"modified","kind":"Ingress","manager":"kubectl-client-side-apply","name":"web","namespace":"shop","resourceVersion":"8123"}],"error":null,"event":"reload","generation":42,"hostCount":120,"hosts":{"added":["a.example.com"],"addedCount":1,"changed":["b.example.com"],"changedCount":1,"removed":[],"removedCount":0},"milliseconds":{"reload":15,"render":3.4,"route":1.2,"test":20,"total":41},"pod":"edge-1","result":"applied","time":"2026-01-31T03:12:45.125Z"}"#
        )
    }

    @Test("a list longer than 100 is cut, and its length told")
    func cutLists() throws {
        let hosts = (0..<250).map { "h\($0).example.com" }
        let line = try JSON(parsing: Array(record { $0.hosts = HostChanges(added: hosts) }.json().utf8))
        #expect(line["hosts"]["added"].array.count == 100)
        #expect(line["hosts"]["addedCount"].int == 250)
    }

    @Test("a refusal keeps nginx's words, on one line")
    func error() throws {
        let json = try record {
            $0.result = .rejected("[emerg] unknown \"x\"\nin y")
            $0.generation = nil
        }.json()
        #expect(!json.contains("\n"))
        #expect(try JSON(parsing: Array(json.utf8))["result"].string == "rejected")
        #expect(try JSON(parsing: Array(json.utf8))["error"].string == "[emerg] unknown \"x\"\nin y")
        #expect(try JSON(parsing: Array(json.utf8))["generation"] == .null)
    }

    @Test("lines are appended to the file, and an unusable file is an error at start")
    func file() async throws {
        let folder = try TemporaryFolder.make("audit")
        let path = folder.appending(path: "audit.log").path
        for _ in 1...2 {
            let log = try AuditLog(.file(path), logger: silent)
            await log.append(record())
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 2)
        let error = #expect(throws: StartupError.self) { try AuditLog(.file(folder.path), logger: silent) }
        #expect(error?.description == "audit log: cannot open \(folder.path): Is a directory")
    }

    @Test("hosts that came, went and changed are told apart, and the rest is not named")
    func hostChanges() {
        func files(_ lines: String...) -> ConfigurationFiles {
            ConfigurationFiles(contents: ["routes.txt": lines.map { $0 + "\n" }.joined()])
        }
        let old = files("a.example.com\tshop/a\tx", "b.example.com\tshop/b\tx", "c.example.com\tshop/c\tx")
        let new = files("b.example.com\tshop/b\ty", "c.example.com\tshop/c\tx", "d.example.com\tshop/d\tx")
        #expect(
            HostChanges(from: old, to: new)
                == HostChanges(added: ["d.example.com"], removed: ["a.example.com"], changed: ["b.example.com"]))
        #expect(HostChanges(from: nil, to: old).added == ["a.example.com", "b.example.com", "c.example.com"])
        #expect(HostChanges(from: new, to: new).isEmpty)
    }
}
