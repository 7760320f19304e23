internal import Routing

/// The paths of the hosts that share servers, as tables: one for whole paths, then one for prefixes of each number of
/// elements, longest first. nginx looks each up only if the tables before it have no answer.
struct SharedPaths {
    /// The longest prefix, in elements.
    static let maximumDepth = 6
    /// In bytes. Many rules with a host and a path of this length fit into a bucket of `map_hash_bucket_size`.
    static let maximumLength = 200

    struct Rule {
        let host: Host
        let path: RequestPath
        let action: Location.Action
    }

    /// Of exact paths.
    private(set) var exact: [Rule] = []
    /// Of prefixes, by their number of elements; not empty.
    private(set) var prefixes: [Int: [Rule]] = [:]

    init(_ hosts: [VirtualHost]) {
        for host in hosts where host.hasPaths {
            for location in host.locations {
                let rule = Rule(host: host.host, path: location.path, action: location.action)
                if location.isExact {
                    exact.append(rule)
                } else if location.path != .root {
                    // The path of a prefix ends in a slash.
                    let depth = location.path.text.utf8.count { $0 == UInt8(ascii: "/") } - 1
                    prefixes[depth, default: []].append(rule)
                }
            }
        }
    }

    /// The prefix tables, longest prefixes first.
    var depths: [Int] { prefixes.keys.sorted(by: >) }
}
