internal import Basics
internal import Foundation
internal import KubernetesAPI

/// A small file that is read again when it changes: written, replaced, or below the symlinks that the kubelet swaps in a
/// mounted ConfigMap.
public struct WatchedFile: Sendable {
    public let path: String
    private let watch: FolderWatch

    /// The file is read when its folder has not changed for this time …
    private static let quietPeriod = Duration.milliseconds(50)
    /// … or at the latest after this time.
    private static let maximumDelay = Duration.seconds(1)
    /// A symlink may lead to another folder, which is not watched.
    private static let rereadInterval = Duration.seconds(60)

    /// - Throws: `ManifestError` if the folder of the file does not exist or cannot be watched.
    public init(_ path: String) throws(ManifestError) {
        self.path = path
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            watch = try FolderWatch(folder)
        } catch {
            throw ManifestError(file: path, message: "cannot watch its folder: \(error.reason)")
        }
    }

    /// Reads the file. Blocks.
    ///
    /// - Throws: `ManifestError` if it is not a regular file, or cannot be read.
    public static func read(_ path: String) throws(ManifestError) -> [UInt8] {
        do {
            let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            // Reading a named pipe would block forever.
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw File.Failure(reason: "not a regular file")
            }
            return try File.read(file)
        } catch let failure as File.Failure {
            throw ManifestError(file: path, message: failure.reason)
        } catch {
            throw ManifestError(file: path, message: File.Failure(error).reason)
        }
    }

    /// Reads the file without blocking the caller's thread.
    public func content() async -> Result<[UInt8], ManifestError> {
        await blocking { [path] () -> Result<[UInt8], ManifestError> in
            do throws(ManifestError) {
                return .success(try Self.read(path))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Waits until the file may have changed and its writer has finished.
    ///
    /// - Returns: false when cancelled.
    public func change() async -> Bool {
        let start = ContinuousClock.now
        await watch.changed.wait(until: start + Self.rereadInterval)
        let changed = ContinuousClock.now
        repeat {
            do { try await Task.sleep(for: Self.quietPeriod) } catch { return false }
        } while ContinuousClock.now - watch.lastEvent < Self.quietPeriod
            && ContinuousClock.now - changed < Self.maximumDelay
        return true
    }
}
