internal import Audit
internal import Basics
internal import Controller
internal import Foundation
internal import Glibc

/// Where the lines of an audit log are read from, a piece at a time.
struct AuditSource {
    private let files: [FileHandle]
    /// Lines that are none of an audit log's.
    private(set) var unreadable = 0

    /// - Parameter path: `-` for standard input; else the file, before which those that were put aside are read:
    ///   FILE.1, FILE.2 and so on.
    /// - Throws: `StartupError` for the first that cannot be read.
    init(_ path: String) throws(StartupError) {
        if path == "-" {
            files = [.standardInput]
            return
        }
        // The newest is opened first, so that a rotation in between makes one of them appear twice, and none not at all.
        var opened: [FileHandle] = []
        var seen: Set<[UInt64]> = []
        for name in [path] + Self.putAside(path) {
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
    ///   - missLine: called for a line of the log that is damaged.
    ///   - body: gets every line of the log, oldest first, with its bytes.
    mutating func read(missLine: () -> Void = {}, _ body: (AuditLine, [UInt8]) throws -> Void) throws {
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
        _ bytes: [UInt8], _ missLine: () -> Void, _ body: (AuditLine, [UInt8]) throws -> Void
    ) rethrows {
        if let line = AuditLine(bytes) {
            try body(line, bytes)
        } else if !bytes.isEmpty {
            unreadable += 1
            if AuditLine.isDamaged(bytes) { missLine() }
        }
    }

    /// Newest first.
    private static func putAside(_ path: String) -> [String] {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent().path
        let prefix = url.lastPathComponent + "."
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }
            .filter { $0 > 0 }.sorted().map { "\(path).\($0)" }
    }
}
