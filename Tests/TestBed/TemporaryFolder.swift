public import Foundation

/// Folders for a bed's files, removed when the test process ends (kept if `KEEP_BED` is set).
public enum TemporaryFolder {
    /// Others may go through it by name, nginx's workers to their own folders, but not look around in it.
    ///
    /// The path is short: unix sockets in it may have 107 bytes at most (unix(7)).
    public static func make(_ name: String = "bed") throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "\(name)-\(UUID().uuidString.prefix(8).lowercased())")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        LiveProcesses.shared.insert(folder: folder)
        return folder
    }
}
