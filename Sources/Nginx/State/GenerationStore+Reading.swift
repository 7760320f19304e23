internal import Foundation
internal import Glibc
public import NginxConfig

extension GenerationStore {
    /// What a generation serves, with its `nginx.conf`.
    ///
    /// - Throws: `FileError` if its files cannot be read or are damaged.
    public func rendered(_ generation: Generation) throws(FileError) -> RenderedConfiguration {
        RenderedConfiguration(
            try configuration(of: generation), main: try Self.text(generation, GenerationFile.main))
    }

    /// The newest configuration on disk that can be read; nil if there is none.
    public func newestConfiguration() -> Configuration? {
        ((try? numbers()) ?? []).reversed().lazy.compactMap { [self] in
            try? configuration(of: Generation(number: $0, in: state))
        }.first
    }

    /// The secrets that the generations refer to.
    ///
    /// - Throws: `FileError` if a generation cannot be read: then it is not known which secrets it needs.
    public func servedSecrets() throws(FileError) -> [ServedSecrets] {
        var found: [ServedSecrets] = []
        for number in try numbers() {
            let generation = Generation(number: number, in: state)
            // Without this file, nginx cannot be started with the generation.
            guard access(generation.mainFile, R_OK) == 0 else { continue }
            let known = secrets[number]
            let read = if let known { known } else { try configuration(of: generation).secrets }
            secrets[number] = read
            found.append(read)
        }
        return found
    }

    /// The secrets of each generation whose files tell them, even if they are damaged in part; newest first.
    /// Certificates and htpasswd files are on disk as long as a generation exists.
    public func recoverableSecrets() -> [ServedSecrets] {
        guard let numbers = try? numbers() else { return [] }
        return numbers.sorted(by: >).compactMap { number in
            if let known = secrets[number] { return known }
            let generation = Generation(number: number, in: state)
            if let configuration = try? configuration(of: generation) {
                secrets[number] = configuration.secrets
                return configuration.secrets
            }
            let path = "\(generation.folder)/\(GenerationFile.configuration)"
            guard let file = try? OpenFile(path, flags: O_RDONLY, operation: "open"), let bytes = try? file.readAll()
            else { return nil }
            return Configuration.secrets(recoveredFrom: bytes)
        }
    }

    /// Writes `generation.json` into the generations of version 0.1.0, which have only listings, and removes the file
    /// that version 0.1.0 kept beside them. Does nothing in a state folder of this version.
    ///
    /// - Throws: `FileError` for the first generation that cannot be converted. It stays as it is, and the others are
    ///   converted.
    public func convert() throws(FileError) {
        var failure: FileError?
        for number in try numbers() {
            let generation = Generation(number: number, in: state)
            let path = "\(generation.folder)/\(GenerationFile.configuration)"
            guard access(path, F_OK) != 0, access(generation.mainFile, R_OK) == 0 else { continue }
            do {
                let bytes = try configuration(of: generation).json()
                try File.replace(path, with: bytes)
            } catch {
                failure =
                    failure ?? error as? FileError
                    ?? FileError(operation: "encode the configuration for", path: path, code: EINVAL)
            }
        }
        if let failure { throw failure }
        unlink(Version1State.lastGoodFile(in: state))
        remove("\(state.root)/trial")
    }

    private func configuration(of generation: Generation) throws(FileError) -> Configuration {
        let path = "\(generation.folder)/\(GenerationFile.configuration)"
        guard access(path, F_OK) == 0 else { return try Version1State(generation, in: state).configuration }
        let bytes = try OpenFile(path, flags: O_RDONLY, operation: "open").readAll()
        do {
            var configuration = try Configuration(json: bytes)
            if let certificates = rotations(of: generation) { configuration.certificates = certificates }
            return configuration
        } catch {
            throw FileError(operation: "decode", path: path, code: EINVAL)
        }
    }

    static func text(_ generation: Generation, _ name: String) throws(FileError) -> String {
        let file = try OpenFile("\(generation.folder)/\(name)", flags: O_RDONLY, operation: "open")
        return String(decoding: try file.readAll(), as: UTF8.self)
    }
}
