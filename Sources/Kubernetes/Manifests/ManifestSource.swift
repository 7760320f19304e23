internal import Basics
internal import Foundation
internal import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// Fills a cache from a folder of manifests instead of a cluster, and watches the folder for changes.
///
/// Reads the files named `*.yaml`, `*.yml` and `*.json`, in the order of their names, but no subfolders. Reports an
/// invalid file with its line and keeps its last objects. The creation time of an object without `creationTimestamp` is
/// the modification time of its file when this process first saw the object in it.
public struct ManifestSource: ServiceLifecycle.Service {
    private let directory: String
    private let cache: ObjectCache
    private let logger: Logger
    private let watch: FolderWatch

    /// The folder is read when it has not changed for this time …
    private static let quietPeriod = Duration.milliseconds(50)
    /// … or at the latest after this time.
    private static let maximumDelay = Duration.seconds(1)

    /// - Throws: `ManifestError` if the folder does not exist or cannot be watched.
    public init(directory: String, cache: ObjectCache, logger: Logger) throws(ManifestError) {
        self.directory = directory
        self.cache = cache
        self.logger = logger
        do {
            watch = try FolderWatch(directory)
        } catch {
            throw ManifestError(file: directory, message: "expected a folder of manifests, found: \(error.reason)")
        }
    }

    /// Returns at graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var folder = ManifestFolder()
            await read(&folder)
            while true {
                await watch.changed.wait()
                guard await settled() else { break }
                await read(&folder)
            }
        }
    }

    /// Waits until the writers have finished, or the maximum delay is over.
    /// - Returns: false when cancelled.
    private func settled() async -> Bool {
        let start = ContinuousClock.now
        repeat {
            do { try await Task.sleep(for: ManifestSource.quietPeriod) } catch { return false }
        } while ContinuousClock.now - watch.lastEvent < ManifestSource.quietPeriod
            && ContinuousClock.now - start < ManifestSource.maximumDelay
        return true
    }

    private func read(_ folder: inout ManifestFolder) async {
        switch await blocking({ [directory] in ManifestSource.readings(in: directory) }) {
        case .failure(let failure):
            logger.error(
                "cannot read manifest folder, keeping previous objects",
                metadata: ["path": "\(directory)", "error": "\(failure.reason)"])
        case .success(let readings):
            let update = folder.update(readings)
            report(update)
            cache.replace(with: Snapshot(update.objects))
            for kind in ObjectKind.allCases { cache.activity.listed(kind, at: .now) }
        }
    }

    private func report(_ update: ManifestFolder.Update) {
        for problem in update.problems {
            logger.error("manifest rejected", metadata: ["path": "\(directory)", "error": "\(problem)"])
        }
        for file in update.repaired {
            logger.notice("manifest valid again", metadata: ["path": "\(directory)/\(file)"])
        }
        for (file, document) in update.ignored {
            logger.debug(
                "document of unsupported kind ignored",
                metadata: [
                    "path": "\(directory)/\(file)", "line": "\(document.line)", "kind": "\(document.kind)",
                    "api_version": "\(document.apiVersion)",
                ])
        }
    }

    /// Blocks. Skips hidden files: a mounted ConfigMap has hidden folders.
    private static func readings(in directory: String) -> Result<[ManifestFolder.Reading], File.Failure> {
        let folder = URL(fileURLWithPath: directory, isDirectory: true)
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { name in
                !name.hasPrefix(".") && [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
            }
            return .success(names.sorted().compactMap { reading(name: $0, url: folder.appending(path: $0)) })
        } catch {
            return .failure(File.Failure(error))
        }
    }

    /// Reads a file; nil if it is not a regular file, or has been deleted in the meantime.
    private static func reading(name: String, url: URL) -> ManifestFolder.Reading? {
        do {
            let path = url.resolvingSymlinksInPath().path
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            // Reading a named pipe would block forever.
            guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
            let content = ManifestFolder.Reading.Content(
                bytes: try File.read(path), modified: attributes[.modificationDate] as? Date ?? Date())
            return ManifestFolder.Reading(name: name, content: .success(content))
        } catch let failure as File.Failure {
            return ManifestFolder.Reading(name: name, content: .failure(failure))
        } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
            return nil
        } catch {
            return ManifestFolder.Reading(name: name, content: .failure(File.Failure(error)))
        }
    }
}
