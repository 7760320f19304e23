import Audit
import Foundation
import Glibc
import Logging
import TestBed
import Testing

@testable import Controller

@Suite("The file of the audit log")
struct AuditLogTests {
    private let folder: URL
    private let path: String
    private let now = Date(timeIntervalSince1970: 1_769_829_165)

    init() throws {
        folder = try TemporaryFolder.make("audit")
        path = folder.appending(path: "audit.log").path
    }

    private func log(_ maxSize: Int? = nil, keep: Int = 3, logger: Logger = .quiet) throws -> AuditLog {
        try AuditLog(.file(path, AuditRotation(maxSize: maxSize, keep: keep)), pod: "edge-1", logger: logger)
    }

    private func lines(_ suffix: String = "") throws -> [String] {
        try String(contentsOfFile: path + suffix, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func stop(_ text: String) -> AuditRecord { .stop(AuditRecord.Stop(error: text)) }

    /// A short form of the lines.
    private func errors(_ suffix: String = "") throws -> [String] {
        try lines(suffix).compactMap { AuditLine($0.utf8) }.map {
            switch $0.record {
            case .stop(let stop): stop.error ?? ""
            case .hosts(let hosts): "whole of \(hosts.generation ?? 0)"
            default: "?"
            }
        }
    }

    private var state: AuditedState { AuditedState(generation: 7, configuration: nil, claimants: nil) }

    @Test("lines are appended to a file with mode 0640, and an unusable file is an error at startup")
    func appending() async throws {
        for _ in 1...2 { await (try log()).append([stop("x"), stop("y")], at: now) }
        #expect(try errors() == ["x", "y", "x", "y"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        let error = #expect(throws: StartupError.self) {
            try AuditLog(.file(folder.path, AuditRotation(maxSize: nil, keep: 1)), pod: "a", logger: .quiet)
        }
        #expect(
            error?.description
                == "audit log: cannot open \(folder.path): Is a directory; set --audit-log to a writable file")
    }

    @Test("a partial line of a crash does not damage the next line")
    func halfLine() async throws {
        try "{\"event\":\"st".write(toFile: path, atomically: false, encoding: .utf8)
        await (try log()).append([stop("x")], at: now)
        #expect(try lines().count == 2)
        #expect(try errors() == ["x"])
    }

    @Test(
        "a full file is rotated between two lines, the oldest is removed, and each new file begins with what is served")
    func rotation() async throws {
        let log = try log(600, keep: 2)
        await log.append([stop("first")], at: now, leaving: state)
        for number in 1...40 { await log.append([stop("\(number)")], at: now) }
        let all = try errors(".2") + errors(".1") + errors()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "audit.log", "audit.log.1", "audit.log.2",
            ])
        let numbers = all.compactMap { Int($0) }
        #expect(numbers == Array((41 - numbers.count)...40), "none is lost in between, and none twice")
        for suffix in [".2", ".1", ""] {
            #expect(try errors(suffix).first == "whole of 7")
            #expect(try lines(suffix).allSatisfy { AuditLine($0.utf8) != nil })
            #expect(try lines(suffix).dropFirst().joined().utf8.count <= 600)
        }
    }

    @Test("rotated files beyond a lower limit are removed")
    func keepLess() async throws {
        for number in 1...4 { try "old\n".write(toFile: "\(path).\(number)", atomically: false, encoding: .utf8) }
        let log = try log(10, keep: 2)
        for number in 1...2 { await log.append([stop("\(number)")], at: now) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }

    @Test("a file that another program has rotated is not rotated again")
    func rotatedElsewhere() async throws {
        let log = try log(10)
        await log.append([stop("1")], at: now)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
        await log.append([stop("2")], at: now)
        #expect(try errors(".moved") == ["1"])
        #expect(try errors() == ["whole of 0", "2"])
        #expect(!FileManager.default.fileExists(atPath: path + ".1"))
    }

    @Test("after reopening, lines go to the file that has the name now, which begins with what is served")
    func reopening() async throws {
        let log = try log()
        await log.append([stop("1")], at: now, leaving: state)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
        await log.append([stop("2")], at: now)
        await log.reopen(at: now)
        #expect(try errors(".moved") == ["1", "2"])
        #expect(try errors() == ["whole of 7"])
        await log.reopen(at: now)
        await log.append([stop("3")], at: now)
        #expect(try errors() == ["whole of 7", "3"])
    }

    @Test("if the new file cannot be opened, lines go to the old one")
    func reopeningFails() async throws {
        let log = try log()
        await log.append([stop("1")], at: now)
        try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        await log.reopen(at: now)
        await log.append([stop("2")], at: now)
        #expect(try errors(".moved") == ["1", "2"])
    }

    @Test("on a full disk, lines are logged instead; then the audit log continues with what is served")
    func fullDisk() async throws {
        let recorder = LogRecorder()
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
        let log = try log(logger: recorder.logger)
        await log.append([stop("lost")], at: now, leaving: state)
        let message = try #require(recorder.lines.first)
        #expect(message.contains("No space left on device"))
        #expect(message.contains(#""error":"lost""#))
        try FileManager.default.removeItem(atPath: path)
        try "there was something\n".write(toFile: path, atomically: false, encoding: .utf8)
        await log.reopen(at: now)
        await log.append([stop("after")], at: now)
        #expect(try errors() == ["whole of 7", "after"])
    }
}

extension AuditLogTests {
    private func numbers(_ suffix: String = "") throws -> [Int?] {
        try lines(suffix).compactMap { AuditLine($0.utf8) }.map(\.sequence)
    }

    @Test("lines are numbered without a gap, across rotation and with the beginning of each file")
    func numbers() async throws {
        let log = try log(300, keep: 50)
        for number in 1...20 { await log.append([stop("\(number)"), stop("more")], at: now, leaving: state) }
        let suffixes = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .compactMap { Int($0.dropFirst("audit.log.".count)) }.sorted().reversed().map { ".\($0)" }
        #expect(suffixes.count > 3)
        let all = try (suffixes + [""]).flatMap { try numbers($0) }
        #expect(all == Array(1...all.count))
    }

    @Test("a line that cannot be written keeps its number, so that the log shows the gap")
    func lostLine() async throws {
        let disk = try FullDisk.device()
        let log = try AuditLog(.file(disk, AuditRotation(maxSize: nil, keep: 1)), pod: "edge-1", logger: .quiet)
        await log.append([stop("lost")], at: now)
        await log.append([stop("lost too")], at: now)
        try FullDisk.replace(disk, by: path)
        await log.reopen(at: now)
        await log.append([stop("written")], at: now)
        #expect(try numbers() == [4, 5, 6])
        #expect(try errors().last == "written")
    }
}

/// A file whose every write fails: /dev/full (full(4)), by a link that can be changed.
private enum FullDisk {
    static func device() throws -> String {
        let path = try TemporaryFolder.make("full").appending(path: "audit").path
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
        return path
    }

    static func replace(_ link: String, by target: String) throws {
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    }
}
