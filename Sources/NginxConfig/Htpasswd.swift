internal import Foundation

/// The users of basic auth in the form of nginx's `auth_basic_user_file`: one line `NAME:HASH` for each. No description
/// shows names or hashes, which are secrets.
public struct Htpasswd: Sendable, Equatable {
    /// The rule that a line breaks, without the line itself.
    public struct Problem: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    public static let maximumBytes = 65536

    /// The valid lines, without comments and empty lines.
    public let text: String

    /// - Parameter htpasswd: in the form of htpasswd(1). Empty lines, lines that begin with `#` and the text after a second
    ///   colon are ignored. Without a line, no user is let in.
    /// - Throws: `Problem` for the first line that is not valid.
    public init(htpasswd: some BidirectionalCollection<UInt8>) throws(Problem) {
        guard htpasswd.count <= Self.maximumBytes else {
            throw Problem(description: "expected at most \(Self.maximumBytes) bytes, found \(htpasswd.count)")
        }
        var names: Set<String> = []
        var text = ""
        for (index, bytes) in htpasswd.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            func problem(_ expected: String) -> Problem {
                Problem(description: "line \(index + 1): expected \(expected)")
            }
            let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
            guard !line.isEmpty, line.first != UInt8(ascii: "#") else { continue }
            guard !line.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { throw problem("no control characters") }
            let parts = String(decoding: line, as: UTF8.self)
                .split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count >= 2, (1...255).contains(parts[0].utf8.count) else {
                throw problem("NAME:HASH, the name of at most 255 bytes")
            }
            let hash = String(parts[1])
            guard PasswordHash.isAccepted(hash) else { throw problem(PasswordHash.expected) }
            // nginx uses the first line of a name: the second would have no effect.
            guard names.insert(String(parts[0])).inserted else { throw problem("a name that no line above has") }
            text += "\(parts[0]):\(hash)\n"
        }
        self.text = text
    }
}

extension Htpasswd: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The hashes that every nginx can check (ngx_crypt, and crypt(3) of each C library), except weak ones: `{PLAIN}`, `{SHA}`
/// and DES crypt, which reads eight characters. A worker checks a hash at every request and serves no other request
/// meanwhile, so hashes that take longer than about 50 ms are rejected.
enum PasswordHash {
    static let expected =
        "a hash of bcrypt with a cost up to 10, SHA-512 or SHA-256 crypt with up to 20000 rounds, MD5 (apr1) or {SSHA}"

    static func isAccepted(_ hash: String) -> Bool {
        let salted = "{SSHA}"
        if hash.hasPrefix(salted) {
            // A SHA-1 hash and its salt.
            return Data(base64Encoded: String(hash.dropFirst(salted.count))).map { (21...84).contains($0.count) }
                == true
        }
        let isKnown =
            hash.wholeMatch(of: #/\$2[aby]\$(?:0[4-9]|10)\$[.\/A-Za-z0-9]{53}/#) != nil
            || hash.wholeMatch(of: #/\$(?:1|apr1)\$[.\/A-Za-z0-9]{1,8}\$[.\/A-Za-z0-9]{22}/#) != nil
        if isKnown { return true }
        let sha =
            #/\$(?:5(?=.*\$.{43}$)|6(?=.*\$.{86}$))\$(?:rounds=([0-9]{4,5})\$)?[.\/A-Za-z0-9]{1,16}\$[.\/A-Za-z0-9]+/#
        guard let match = hash.wholeMatch(of: sha) else { return false }
        return match.1.map { (1000...20_000).contains(Int($0) ?? 0) } ?? true
    }
}
