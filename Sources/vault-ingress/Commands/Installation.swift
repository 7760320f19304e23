internal import Foundation

/// Where the program finds what is installed with it.
enum Installation {
    /// `../share/vault-ingress` from the folder of the binary (Filesystem Hierarchy Standard §4.11).
    static var shareFolder: String {
        let binary = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/usr/bin/x"
        return URL(filePath: binary).deletingLastPathComponent().appending(path: "../share/vault-ingress")
            .standardizedFileURL.path
    }
}
