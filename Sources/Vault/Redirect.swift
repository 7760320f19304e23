import Foundation

/// A redirect (307) of a standby node.
enum Redirect {
    /// The absolute URL of a `Location`; nil if it must not be followed: a redirect from https to http would send the
    /// token in the clear, and Vault has no other schemes.
    static func target(location: String?, from url: String) -> String? {
        guard let location, let base = URL(string: url),
            let target = URL(string: location, relativeTo: base)?.absoluteURL,
            let scheme = target.scheme?.lowercased(), let host = target.host(), !host.isEmpty, target.user() == nil
        else { return nil }
        let allowed = base.scheme?.lowercased() == "https" ? ["https"] : ["http", "https"]
        return allowed.contains(scheme) ? target.absoluteString : nil
    }
}
