internal import Foundation
internal import Glibc
public import NginxConfig
public import Routing

extension GenerationStore {
    /// What a generation serves, with its `nginx.conf`.
    ///
    /// - Throws: `FileError` if its files cannot be read or are damaged.
    public func rendered(_ generation: Generation) throws(FileError) -> RenderedConfiguration {
        RenderedConfiguration(
            try configuration(of: generation), main: try Self.text(generation, GenerationFile.main))
    }

    /// The certificates that the generations refer to.
    ///
    /// - Throws: `FileError` if a generation cannot be read: then it is not known which certificates it needs.
    public func referencedCertificates() throws(FileError) -> Set<ContentAddress> {
        try allReferences().reduce(into: []) { $0.formUnion($1.certificates) }
    }

    /// The htpasswd files that the generations refer to.
    ///
    /// - Throws: `FileError` as above.
    public func referencedHtpasswdFiles() throws(FileError) -> Set<VaultPath> {
        try allReferences().reduce(into: []) { $0.formUnion($1.htpasswdFiles) }
    }

    /// Writes `generation.json` into the generations of version 0.1.0, which have only listings, and removes the file
    /// that version 0.1.0 kept beside them. Does nothing in a state folder of this version.
    ///
    /// - Throws: `FileError` for the first generation that cannot be converted; it stays as it is.
    public func convert() throws(FileError) {
        for number in try numbers() {
            let generation = Generation(number: number, in: state)
            let path = "\(generation.folder)/\(GenerationFile.configuration)"
            guard access(path, F_OK) != 0, access(generation.mainFile, R_OK) == 0 else { continue }
            let bytes: [UInt8]
            do {
                bytes = try configuration(of: generation).json()
            } catch let error as FileError {
                throw error
            } catch {
                throw FileError(operation: "encode the configuration for", path: path, code: EINVAL)
            }
            try File.replace(path, with: bytes)
        }
        unlink(Version1State.lastGoodFile(in: state))
        remove("\(state.root)/trial")
    }

    private func configuration(of generation: Generation) throws(FileError) -> Configuration {
        let path = "\(generation.folder)/\(GenerationFile.configuration)"
        guard access(path, F_OK) == 0 else { return try Version1State(generation, in: state).configuration }
        let bytes = try OpenFile(path, flags: O_RDONLY, operation: "open").readAll()
        do {
            return try Configuration(json: bytes)
        } catch {
            throw FileError(operation: "decode", path: path, code: EINVAL)
        }
    }

    private func allReferences() throws(FileError) -> [References] {
        var found: [References] = []
        for number in try numbers() {
            let generation = Generation(number: number, in: state)
            // Not a generation: nginx could not be started with it.
            guard access(generation.mainFile, R_OK) == 0 else { continue }
            let known = references[number]
            let read = if let known { known } else { References(try configuration(of: generation)) }
            references[number] = read
            found.append(read)
        }
        return found
    }

    static func text(_ generation: Generation, _ name: String) throws(FileError) -> String {
        let file = try OpenFile("\(generation.folder)/\(name)", flags: O_RDONLY, operation: "open")
        return String(decoding: try file.readAll(), as: UTF8.self)
    }
}

/// The files outside its folder that a generation refers to.
struct References {
    let certificates: Set<ContentAddress>
    let htpasswdFiles: Set<VaultPath>

    init(_ configuration: Configuration) {
        certificates = Set(configuration.servedCertificates.values.map(\.address))
        htpasswdFiles = Set(configuration.htpasswdFiles.map(\.path))
    }
}
