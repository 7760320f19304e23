internal import Basics
internal import Foundation

/// Who is let in, as nginx's `auth_basic_user_file` has it: `NAME:HASH`, a line each. Hashes of passwords are secrets:
/// no description shows them, nor the names.
public struct Htpasswd: Sendable, Equatable {
    /// What a line has to be; without the line itself.
    public struct Problem: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    public static let maximumBytes = 65536

    /// Of the file, checked line by line and written anew: no comments, no empty lines.
    public let text: String

    /// - Parameter htpasswd: as htpasswd(1) writes it. Empty lines and those that begin with `#` are left out, and what
    ///   stands behind a second colon; no line at all lets nobody in.
    /// - Throws: `Problem` for the first line that cannot be used.
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
            guard !line.contains(where: \.isASCIIControl) else { throw problem("no control characters") }
            let parts = String(decoding: line, as: UTF8.self)
                .split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count >= 2, (1...255).contains(parts[0].utf8.count) else {
                throw problem("NAME:HASH, the name of at most 255 bytes")
            }
            let hash = String(parts[1])
            guard PasswordHash.isAccepted(hash) else { throw problem(PasswordHash.expected) }
            // nginx goes by the first: the second would be a password that does not work, or one thought to be gone.
            guard names.insert(String(parts[0])).inserted else { throw problem("a name that does not stand above") }
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

/// The hashes that every nginx can check (ngx_crypt, and crypt(3) of each C library), without those that are as good as
/// the password itself: `{PLAIN}`, `{SHA}` and crypt's oldest, which reads eight characters. A worker that checks one
/// serves nobody else meanwhile, at every request, and the client chooses how long the password is: what takes longer than
/// about a twentieth of a second is refused.
enum PasswordHash {
    static let expected =
        "a hash of bcrypt with a cost up to 10, SHA-512 or SHA-256 crypt with up to 20000 rounds, MD5 (apr1) or {SSHA}"

    static func isAccepted(_ hash: String) -> Bool {
        let salted = "{SSHA}"
        if hash.hasPrefix(salted) {
            // A SHA-1 and its salt.
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
