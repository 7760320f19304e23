internal import Foundation
internal import KubernetesAPI

/// Reads small files.
enum File {
    struct Failure: Error, Equatable {
        /// The system's message: `No such file or directory`.
        let reason: String
    }

    /// Blocks.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Failure(error)
        }
    }
}

extension File.Failure {
    init(errno code: Int32) {
        reason = String(cString: strerror(code))
    }

    /// Uses the system's error number if Foundation wraps one, because its message is more precise.
    init(_ error: any Error) {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        if let posix = underlying as? POSIXError {
            self.init(errno: posix.code.rawValue)
        } else {
            self.init(reason: error.localizedDescription)
        }
    }
}
