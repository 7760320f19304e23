/// The regular expression of a location for hosts with paths. It matches every path and captures what the maps of
/// `SharedPaths` look up: `path` is the whole path if it has no uppercase letter; `e1`, `e2` and so on are its elements up to
/// the last one that a table can have, or to the first that is empty or has an uppercase letter.
///
/// Linear in the length of the path: no part of it is tried twice.
struct SharedPathPattern: ConfigurationValue {
    var configurationText: String {
        let depths = 1...SharedPaths.maximumDepth
        return #"^(?=(?<path>[^A-Z]*+)\z|)"#
            + depths.map { "(?:/(?<e\($0)>[^/A-Z]++)(?![A-Z])" }.joined() + depths.map { _ in ")?" }.joined()
    }
}
