internal import Basics
internal import Foundation
internal import KubernetesAPI
public import Logging
public import ServiceLifecycle

/// Fills a cache from a folder of manifests instead of a cluster, and follows the folder's changes.
///
/// Files named `*.yaml`, `*.yml` and `*.json` are read, in the order of their names; subfolders are not. A broken file
/// is reported with its line, and what it said last stays. An object without `creationTimestamp` is as old as its file
/// was (by modification time) when this process first saw the object in it.
public struct ManifestSource: ServiceLifecycle.Service {
    private let directory: String
    private let cache: ObjectCache
    private let logger: Logger
    private let watch: FolderWatch

    /// A change is read when the folder was quiet that long …
    private static let settle = Duration.milliseconds(50)
    /// … or has not been for that long.
    private static let patience = Duration.seconds(1)

    /// - Throws: `ManifestError` where the folder does not exist or cannot be watched.
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

    /// False when cancelled.
    private func settled() async -> Bool {
        let start = ContinuousClock.now
        repeat {
            do { try await Task.sleep(for: ManifestSource.settle) } catch { return false }
        } while ContinuousClock.now - watch.lastEvent < ManifestSource.settle
            && ContinuousClock.now - start < ManifestSource.patience
        return true
    }

    private func read(_ folder: inout ManifestFolder) async {
        switch await blocking({ [directory] in ManifestSource.readings(in: directory) }) {
        case .failure(let failure):
            logger.error(
                "the folder of manifests cannot be read; what it said last stays",
                metadata: ["folder": "\(directory)", "error": "\(failure.reason)"])
        case .success(let readings):
            let update = folder.update(readings)
            report(update)
            cache.replace(with: Snapshot(update.objects))
        }
    }

    private func report(_ update: ManifestFolder.Update) {
        for problem in update.problems {
            logger.error("manifest refused", metadata: ["folder": "\(directory)", "error": "\(problem)"])
        }
        for file in update.repaired {
            logger.notice("manifest is readable again", metadata: ["folder": "\(directory)", "file": "\(file)"])
        }
        for (file, document) in update.ignored {
            logger.debug(
                "manifest of another kind ignored",
                metadata: [
                    "file": "\(file)", "line": "\(document.line)", "kind": "\(document.kind)",
                    "apiVersion": "\(document.apiVersion)",
                ])
        }
    }

    /// Blocks. Hidden files are left out: a mounted ConfigMap keeps its own folders there.
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

    /// nil for what is no file, and for one that went away since its name was read.
    private static func reading(name: String, url: URL) -> ManifestFolder.Reading? {
        do {
            let path = url.resolvingSymlinksInPath().path
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            // A named pipe would block for ever.
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
