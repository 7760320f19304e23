internal import Basics
internal import Foundation

/// The content of an htpasswd file for nginx's `auth_basic_user_file`: one line `NAME:HASH` for each user. Names and
/// hashes are secrets: no description shows them.
public struct Htpasswd: Sendable, Equatable {
    /// The expected form of a line, without the line itself.
    public struct Problem: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    public static let maximumBytes = 65536

    /// The checked lines, without comments and empty lines.
    public let text: String
    /// The numbers of the lines whose hashes take too long to check. Their accounts cannot log in; those of the others can.
    public let skippedLines: [Int]

    /// - Parameter htpasswd: the format of htpasswd(1). Empty lines, lines that begin with `#`, and text after a second
    ///   colon are dropped. Without any lines, every request is denied.
    /// - Throws: `Problem` for the first invalid line, or if every line is skipped.
    public init(htpasswd: some BidirectionalCollection<UInt8>) throws(Problem) {
        guard htpasswd.count <= Self.maximumBytes else {
            throw Problem(description: "expected at most \(Self.maximumBytes) bytes, found \(htpasswd.count)")
        }
        var names: Set<String> = []
        var text = ""
        var skippedLines: [Int] = []
        for (index, bytes) in htpasswd.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            func problem(_ expected: String) -> Problem {
                Problem(description: "line \(index + 1): expected \(expected)")
            }
            let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
            guard !line.isEmpty, line.first != UInt8(ascii: "#") else { continue }
            guard !line.contains(where: \.isASCIIControl) else { throw problem("no control characters") }
            let parts = String(decoding: line, as: UTF8.self)
                .split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count >= 2, (1...255).contains(parts[0].utf8.count) else {
                throw problem("NAME:HASH with a name of at most 255 bytes")
            }
            let hash = String(parts[1])
            let check = PasswordHash.check(hash)
            guard check != .unknown else { throw problem(PasswordHash.expected) }
            // nginx uses the first line of a name: the password of the second would not work, or that of a removed line
            // still would.
            guard names.insert(String(parts[0])).inserted else {
                throw problem("each user name only once; an earlier line has this one")
            }
            if check == .tooExpensive {
                skippedLines.append(index + 1)
            } else {
                text += "\(parts[0]):\(hash)\n"
            }
        }
        guard !text.isEmpty || skippedLines.isEmpty else {
            throw Problem(
                description: "line \(skippedLines[0]): expected \(PasswordHash.expected), as in every other line")
        }
        self.text = text
        self.skippedLines = skippedLines
    }
}

extension Htpasswd: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The hashes that every nginx can check (ngx_crypt, and crypt(3) of each C library). Hashes that reveal the password
/// are rejected: `{PLAIN}`, `{SHA}` and DES crypt, which reads eight characters. Hashes that take longer than about 50 ms
/// are skipped: the worker checks the hash at each request and serves no other request meanwhile, and the client chooses
/// the length of the password.
enum PasswordHash {
    enum Check {
        case accepted, tooExpensive, unknown
    }

    static let expected =
        "a hash of bcrypt with a cost up to 10, SHA-512 or SHA-256 crypt with up to 20000 rounds, MD5 (apr1) or {SSHA}"

    static func check(_ hash: String) -> Check {
        let salted = "{SSHA}"
        if hash.hasPrefix(salted) {
            // A SHA-1 digest and its salt.
            let digest = Data(base64Encoded: String(hash.dropFirst(salted.count)))
            return digest.map { (21...84).contains($0.count) } == true ? .accepted : .unknown
        }
        if hash.wholeMatch(of: #/\$(?:1|apr1)\$[.\/A-Za-z0-9]{1,8}\$[.\/A-Za-z0-9]{22}/#) != nil { return .accepted }
        // The cost of bcrypt is from 4 to 31.
        if let match = hash.wholeMatch(of: #/\$2[aby]\$([0-9]{2})\$[.\/A-Za-z0-9]{53}/#), let cost = Int(match.1) {
            return (4...31).contains(cost) ? cost <= 10 ? .accepted : .tooExpensive : .unknown
        }
        let sha =
            #/\$(?:5(?=.*\$.{43}$)|6(?=.*\$.{86}$))\$(?:rounds=([0-9]{4,9})\$)?[.\/A-Za-z0-9]{1,16}\$[.\/A-Za-z0-9]+/#
        guard let match = hash.wholeMatch(of: sha) else { return .unknown }
        guard let rounds = match.1.map({ Int($0) ?? 0 }) else { return .accepted }
        return rounds < 1000 ? .unknown : rounds <= 20_000 ? .accepted : .tooExpensive
    }
}
