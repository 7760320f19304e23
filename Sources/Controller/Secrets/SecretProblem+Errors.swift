internal import Kubernetes
internal import Vault

extension SecretProblem {
    init(_ error: VaultError) {
        self.init(.unavailable, "\(error)", isAnswer: error.isAnswer)
    }

    /// - Parameter place: the Secret that was read.
    init(_ error: KubernetesError, place: String) {
        let isAnswer =
            switch error.code {
            case .rejected, .unreadable: true
            case .unreachable, .untrusted, .credentials, .cancelled: false
            }
        self.init(error.code == .unreadable ? .invalid : .unavailable, "\(place): \(error)", isAnswer: isAnswer)
    }
}

extension VaultError {
    /// Whether Vault answered for the path.
    fileprivate var isAnswer: Bool {
        switch self {
        case .unreachable, .credentials, .loginFailed, .cancelled: false
        case .sealed, .notInitialised, .standby, .permissionDenied, .notFound, .rateLimited, .rejected, .serverFailed,
            .malformedResponse, .redirectRejected, .versionedEngine, .invalidPath:
            true
        }
    }
}
