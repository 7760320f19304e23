public import Foundation

/// Folders for the files of a bed, deleted when the test process ends (kept if `KEEP_BED` is set).
public enum TemporaryFolder {
    /// Other users may traverse the folder, such as nginx's workers, but not list it.
    ///
    /// The path is short, because paths of unix sockets are limited to 107 bytes (unix(7)).
    public static func make(_ name: String = "bed") throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "\(name)-\(UUID().uuidString.prefix(8).lowercased())")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        LiveProcesses.shared.insert(folder: folder)
        return folder
    }
}
