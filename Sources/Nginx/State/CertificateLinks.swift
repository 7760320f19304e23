internal import Foundation
internal import Glibc
internal import NginxConfig

/// One link for each host, to the certificate that nginx reads in the handshake. A link is replaced in one step
/// (rename(2)), and nginx follows it once for certificate and key.
///
/// Every operation blocks.
struct CertificateLinks {
    private let folder: AbsolutePath
    /// The targets, by name. Read from the folder at first.
    private var targets: [String: ContentAddress]

    /// - Throws: `FileError` if the folder cannot be read.
    init(state: StateDirectory) throws(FileError) {
        folder = state.certificateLinks
        var targets: [String: ContentAddress] = [:]
        for name in try Folder.names(in: folder.text) {
            if let address = Self.target("\(folder)/\(name)"), !name.hasSuffix(Self.draft) {
                targets[name] = address
            } else {
                unlink("\(folder)/\(name)")
            }
        }
        self.targets = targets
    }

    subscript(name: String) -> ContentAddress? { targets[name] }

    /// - Throws: `FileError`; the old link stays.
    mutating func set(_ name: String, _ address: ContentAddress) throws(FileError) {
        guard targets[name] != address else { return }
        // Relative, so that it stays valid if the state folder is mounted elsewhere.
        try SymbolicLink.replace(
            "\(folder)/\(name)", target: "../certificates/\(address).crt", draft: "\(folder)/\(name)\(Self.draft)")
        targets[name] = address
    }

    mutating func removeAll(except kept: Set<String>) {
        for name in targets.keys where !kept.contains(name) {
            unlink("\(folder)/\(name)")
            targets[name] = nil
        }
    }

    /// No host has an underscore.
    private static let draft = "_draft"

    private static func target(_ path: String) -> ContentAddress? {
        SymbolicLink.targetName(path).flatMap { try? ContentAddress(String($0.prefix { $0 != "." })) }
    }
}
