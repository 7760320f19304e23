internal import Audit
internal import Basics
internal import Controller
internal import Foundation
internal import Glibc

/// The files of an audit log, read in chunks.
struct AuditSource {
    private let files: [FileHandle]
    /// The number of lines that do not belong to an audit log.
    private(set) var unreadable = 0
    private(set) var sequences = SequenceCheck()

    /// - Parameter path: `-` for standard input; else the file, which is read after its rotated files FILE.1, FILE.2
    ///   and so on.
    /// - Throws: `StartupError` for the first file that cannot be read.
    init(_ path: String) throws(StartupError) {
        if path == "-" {
            files = [.standardInput]
            return
        }
        // The newest file is opened first: a rotation in between makes one file appear twice, which is detected, and
        // loses none.
        var opened: [FileHandle] = []
        var seen: Set<[UInt64]> = []
        for name in [path] + Self.rotated(path) {
            let descriptor = open(name, O_RDONLY | O_CLOEXEC)
            var status = stat()
            guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
                throw StartupError(
                    "cannot read \(name): \(String(cString: strerror(descriptor >= 0 ? EISDIR : errno)))")
            }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            if seen.insert([UInt64(status.st_dev), UInt64(status.st_ino)]).inserted { opened.append(file) }
        }
        files = opened.reversed()
    }

    /// - Parameters:
    ///   - missLine: called for each damaged line of the log, and before a line of a pod before which lines are missing.
    ///   - body: called for each line of the log with its bytes, oldest first.
    mutating func read(missLine: (_ pod: String?) -> Void = { _ in }, _ body: (AuditLine, [UInt8]) throws -> Void)
        throws
    {
        for file in files {
            var splitter = LineSplitter(maximumLength: AuditLine.maximumLength, longLines: .cut)
            while let chunk = try file.read(upToCount: 1 << 16), !chunk.isEmpty {
                splitter.append([UInt8](chunk))
                while case .line(let bytes) = splitter.next() { try take(bytes, missLine, body) }
            }
            if let bytes = splitter.finish() { try take(bytes, missLine, body) }
        }
    }

    private mutating func take(
        _ bytes: [UInt8], _ missLine: (String?) -> Void, _ body: (AuditLine, [UInt8]) throws -> Void
    ) rethrows {
        if let line = AuditLine(bytes) {
            switch sequences.read(line) {
            case .regular, .repeated: break
            case .afterGap: missLine(line.pod)
            case .foreign: return
            }
            try body(line, bytes)
        } else if !bytes.isEmpty {
            unreadable += 1
            if AuditLine.isDamaged(bytes) { missLine(nil) }
        }
    }

    /// The rotated files, newest first.
    private static func rotated(_ path: String) -> [String] {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent().path
        let prefix = url.lastPathComponent + "."
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }
            .filter { $0 > 0 }.sorted().map { "\(path).\($0)" }
    }
}
