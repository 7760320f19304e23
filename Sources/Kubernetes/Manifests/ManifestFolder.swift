internal import Basics
internal import Foundation
internal import KubernetesAPI

/// The state of a folder of manifests between two readings.
struct ManifestFolder {
    /// The content of a file.
    struct Reading: Sendable {
        var name: String
        var content: Result<Content, File.Failure>

        struct Content: Sendable {
            var bytes: [UInt8]
            var modified: Date
        }
    }

    struct Update {
        var objects: [APIObject]
        /// Problems that the last reading did not have.
        var problems: [ManifestError]
        /// Files whose problem is fixed since the last reading.
        var repaired: [String]
        /// Ignored documents of new or changed files.
        var ignored: [(file: String, document: ManifestFile.Ignored)]
    }

    fileprivate struct Known {
        /// The hash of the last content, valid or not.
        var hash: String?
        /// The last valid content.
        var file: ManifestFile?
        var problem: ManifestError?
        var firstSeen: [String: Date] = [:]
    }

    private var known: [String: Known] = [:]
    private var duplicates: [ManifestError] = []

    /// - Parameter readings: all manifests of the folder.
    mutating func update(_ readings: [Reading]) -> Update {
        let readings = readings.sorted { $0.name < $1.name }
        var update = Update(objects: [], problems: [], repaired: [], ignored: [])
        let old = known
        known = [:]
        for reading in readings {
            var entry = old[reading.name] ?? Known()
            let before = entry.problem
            if entry.read(reading) {
                update.ignored += (entry.file?.ignored ?? []).map { (reading.name, $0) }
            }
            if let problem = entry.problem, problem != before { update.problems.append(problem) }
            if before != nil, entry.problem == nil { update.repaired.append(reading.name) }
            known[reading.name] = entry
        }
        let set = ManifestSet(readings.compactMap { known[$0.name]?.file })
        update.problems += set.duplicates.filter { !duplicates.contains($0) }
        duplicates = set.duplicates
        update.objects = set.objects
        return update
    }
}

extension ManifestFolder.Known {
    /// Keeps the last valid content of a file that cannot be read or parsed.
    /// - Returns: true if the content is new and valid.
    fileprivate mutating func read(_ reading: ManifestFolder.Reading) -> Bool {
        do {
            let content = try reading.content.get()
            let hash = FNV1a.hash(content.bytes)
            guard hash != self.hash else { return false }
            self.hash = hash
            let parsed = try ManifestFile(content.bytes, name: reading.name, created: content.modified)
            problem = nil
            file = keepingFirstSeen(parsed)
            return true
        } catch let failure as File.Failure {
            hash = nil
            problem = ManifestError(file: reading.name, message: failure.reason)
        } catch let error as ManifestError {
            problem = error
        } catch {
            problem = ManifestError(file: reading.name, message: "\(error)")
        }
        return false
    }

    /// Keeps the creation times of objects when an edit gives the file a new time. Otherwise its Ingresses would lose
    /// hosts to older ones.
    private mutating func keepingFirstSeen(_ parsed: ManifestFile) -> ManifestFile {
        var seen: [String: Date] = [:]
        let dated = parsed.mapObjects { entry in
            guard !entry.isDated else { return entry.object }
            var object = entry.object
            let identity = "\(object.kind.rawValue)/\(object.key)"
            let time = firstSeen[identity] ?? object.metadata.creationTimestamp
            seen[identity] = time
            object.metadata.creationTimestamp = time
            return object
        }
        firstSeen = seen
        return dated
    }
}

extension ManifestFile {
    fileprivate func mapObjects(_ change: (Entry) -> APIObject) -> ManifestFile {
        var copy = self
        for index in copy.entries.indices { copy.entries[index].object = change(copy.entries[index]) }
        return copy
    }
}
