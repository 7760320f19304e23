internal import Basics
import Foundation
import HTTPClient

extension VaultError {
    /// The fields of an error response.
    struct Body: Decodable {
        var errors: [String]?
        var warnings: [String]?

        init(_ response: HTTPResponse) {
            self = (try? JSONDecoder().decode(Body.self, from: Data(response.body))) ?? Body(errors: nil, warnings: nil)
        }

        private init(errors: [String]?, warnings: [String]?) {
            self.errors = errors
            self.warnings = warnings
        }

        /// The messages in one line of at most 300 characters, for logs and Events.
        var detail: String {
            let text = (errors ?? []).joined(separator: "; ")
            let words = text.split {
                $0.isWhitespace || $0.unicodeScalars.contains(where: \.isControl)
            }
            return String(words.joined(separator: " ").prefix(300))
        }
    }

    /// The error of a response without success, after retries and a redirect.
    init(_ response: HTTPResponse, path: String) {
        let detail = Body(response).detail
        self =
            switch response.status {
            case 403: .permissionDenied(path: path, detail: detail)
            case 404: .notFound(path: path, detail: detail)
            case 429: .rateLimited(path: path, retryAfter: Retry.after(response))
            case 501: .notInitialised(path: path)
            case 503 where detail.contains("sealed"): .sealed(path: path)
            // "local node not active but active cluster node not found"
            case 500 where detail.contains("node not active"): .standby(path: path)
            case 412, 500...599: .serverFailed(path: path, status: response.status, detail: detail)
            default: .rejected(path: path, status: response.status, detail: detail)
            }
    }

    static func unreachable(from error: HTTPClientError) -> VaultError {
        error.code == .cancelled ? .cancelled : .unreachable(error)
    }
}
