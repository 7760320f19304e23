internal import Foundation
internal import KubernetesAPI

/// Reading of small files, with errors for people.
enum File {
    struct Failure: Error, Equatable {
        /// In the system's words: `No such file or directory`.
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

    /// Foundation wraps the system's error number, which says more than its own words.
    init(_ error: any Error) {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        if let posix = underlying as? POSIXError {
            self.init(errno: posix.code.rawValue)
        } else {
            self.init(reason: error.localizedDescription)
        }
    }
}
