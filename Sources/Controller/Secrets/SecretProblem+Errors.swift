internal import Kubernetes
internal import Vault

extension SecretProblem {
    init(_ error: VaultError) {
        let isDenial = if case .permissionDenied = error { true } else { false }
        self.init(.unavailable, "\(error)", isAnswer: error.isAnswer, isDenial: isDenial)
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
    /// Whether Vault answered, be it to the login.
    fileprivate var isAnswer: Bool {
        switch self {
        case .unreachable, .credentials, .cancelled: false
        case .loginFailed(_, let cause): cause.isAnswer
        case .sealed, .notInitialised, .standby, .permissionDenied, .notFound, .rateLimited, .rejected, .serverFailed,
            .malformedResponse, .redirectRejected, .versionedEngine, .invalidPath:
            true
        }
    }
}
