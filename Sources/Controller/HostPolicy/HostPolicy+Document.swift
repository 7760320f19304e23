public import Kubernetes
public import Routing

extension HostPolicy {
    /// Reads a policy.
    ///
    /// - Parameters:
    ///   - bytes: YAML or JSON; see `HostPolicyDocument`.
    ///   - name: of the file, for messages.
    /// - Throws: `ManifestError` with the line of the first problem.
    public init(_ bytes: [UInt8], name: String) throws(ManifestError) {
        let document = try HostPolicyDocument(bytes, name: name)
        guard let defaultRule = Default(rawValue: document.defaultRule.text) else {
            throw document.problem(document.defaultRule, expected: "allow or deny")
        }
        var rules: [PolicyDomain: Namespaces] = [:]
        var lines: [PolicyDomain: Int] = [:]
        for entry in document.domains {
            let domain: PolicyDomain
            do throws(InvalidValue) {
                domain = try PolicyDomain(entry.domain.text)
            } catch {
                throw document.problem(entry.domain, expected: error.expected)
            }
            if let line = lines[domain] {
                throw document.problem(entry.domain, expected: "each domain once; line \(line) has this one")
            }
            lines[domain] = entry.domain.position.line
            rules[domain] = try Self.namespaces(entry, document)
        }
        self.init(default: defaultRule, rules: rules)
    }

    private static func namespaces(
        _ entry: HostPolicyDocument.Domain, _ document: HostPolicyDocument
    ) throws(ManifestError) -> Namespaces {
        var names: Set<String> = []
        var isAll = false
        for text in entry.namespaces {
            if text.text == "*" {
                isAll = true
                continue
            }
            guard ObjectName.isNamespace(text.text) else {
                throw document.problem(
                    text, expected: "a namespace of at most 63 lowercase letters, digits and '-', or \"*\" for all")
            }
            guard names.insert(text.text).inserted else {
                throw document.problem(text, expected: "each namespace of a domain once")
            }
        }
        return isAll ? .all : .some(names)
    }
}
