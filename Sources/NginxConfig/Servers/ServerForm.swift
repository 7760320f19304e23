/// Whether hosts share servers of nginx. The responses are the same.
public enum ServerForm: String, Sendable, Hashable, CaseIterable {
    /// A host that needs nothing else has one line in each map of the shared servers.
    case shared
    /// Each host has a server of its own.
    case separate
}
