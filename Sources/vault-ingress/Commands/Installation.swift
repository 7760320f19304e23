internal import Foundation

/// The location of the files that are installed with the program.
enum Installation {
    /// `../share/vault-ingress` from the folder of the binary (Filesystem Hierarchy Standard §4.11).
    static var shareFolder: String {
        let binary = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/usr/bin/x"
        return URL(filePath: binary).deletingLastPathComponent().appending(path: "../share/vault-ingress")
            .standardizedFileURL.path
    }

    static func templates(in shareFolder: String) -> String { "\(shareFolder)/templates" }
}
