extension VirtualHost {
    /// The path in Vault of the host's htpasswd file; nil if the host needs none.
    public var htpasswdPath: VaultPath? { settings.basicAuth?.users }
}
