extension VirtualHost {
    /// The place of the host's htpasswd file; nil if the host needs none.
    public var htpasswdSource: HtpasswdSource? { settings.basicAuth?.source }
}
