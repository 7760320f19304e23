internal import Foundation
internal import Glibc
public import NginxConfig

/// The record of certificates that have replaced those of the live generation. A generation is never changed, and a
/// controller that starts must not serve the old ones again.
extension GenerationStore {
    private struct Rotations: Codable {
        let generation: Int
        let certificates: CertificateSet
    }

    /// Records the certificates that the live generation serves now.
    ///
    /// - Throws: `FileError`; the last record stays.
    public func record(_ certificates: CertificateSet) throws(FileError) {
        guard let live = current() else { return }
        secrets[live.number]?.certificates = certificates
        let bytes: Data
        do {
            bytes = try JSONEncoder().encode(Rotations(generation: live.number, certificates: certificates))
        } catch {
            throw FileError(operation: "encode", path: state.rotations.text, code: EINVAL)
        }
        try File.replace(state.rotations.text, with: Array(bytes))
    }

    /// The recorded certificates of a generation; nil if it serves those that it was made with.
    func rotations(of generation: Generation) -> CertificateSet? {
        guard let file = try? OpenFile(state.rotations.text, flags: O_RDONLY, operation: "open"),
            let bytes = try? file.readAll(),
            let read = try? JSONDecoder().decode(Rotations.self, from: Data(bytes)),
            read.generation == generation.number
        else { return nil }
        return read.certificates
    }
}
