import Foundation

/// Where a standby node sends a request to (307).
enum Redirect {
    /// The absolute URL of a `Location`, or nil where it must not be followed: from https to http the token would
    /// travel in clear, and any other scheme is no Vault server.
    static func target(location: String?, from url: String) -> String? {
        guard let location, let base = URL(string: url),
            let target = URL(string: location, relativeTo: base)?.absoluteURL,
            let scheme = target.scheme?.lowercased(), let host = target.host(), !host.isEmpty, target.user() == nil
        else { return nil }
        let allowed = base.scheme?.lowercased() == "https" ? ["https"] : ["http", "https"]
        return allowed.contains(scheme) ? target.absoluteString : nil
    }
}
