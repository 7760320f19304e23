internal import Routing

/// The destinations of requests: addresses, and variables that select one.
extension ConfigurationRenderer {
    func upstream(_ backend: Backend, _ choices: UpstreamChoices) -> [TemplateName: TemplateField] {
        let (address, split, blueGreen) = selected(backend, choices)
        return [.address: address, .split: split, .blueGreen: blueGreen]
    }

    /// The destination of a backend, and the numbers of the variables that select one: one of the three, or none.
    func selected(
        _ backend: Backend, _ choices: UpstreamChoices
    ) -> (address: TemplateField, split: TemplateField, blueGreen: TemplateField) {
        var fields = (
            address: TemplateField.flag(false), split: TemplateField.flag(false), blueGreen: TemplateField.flag(false)
        )
        switch backend {
        case .unavailable: break
        case .service(_, let address, let port):
            fields.address = .value(NameAndPort(name: address, port: port))
        case .pods(_, let address, let port), .endpoints(_, let address, let port, _):
            fields.address = .value(choices.group(of: backend) ?? NameAndPort(name: address, port: port))
        case .split: fields.split = .optional(choices.number(of: backend).map(Count.init))
        case .blueGreen: fields.blueGreen = .optional(choices.number(of: backend).map(Count.init))
        }
        return fields
    }

    func splits(_ choices: UpstreamChoices) -> [TemplateContext] {
        choices.splits.enumerated().map { number, split in
            let parts = split.shares.parts
            return TemplateContext([
                .number: .value(Count(number: number)),
                .cookie: .optional(split.key?.cookie.map(VariableSuffix.init)),
                .header: .optional(split.key?.header.map(VariableSuffix.init)),
                .byAddress: .flag(split.key == .address),
                .byAffinity: .flag(split.key == .affinity),
                .parts: .list(
                    parts.dropLast().map { part in
                        TemplateContext(
                            upstream(part.backend, choices)
                                .merging([.percentage: .value(Percentage(hundredths: part.hundredths))]) { $1 })
                    }),
                .rest: .list(parts.suffix(1).map { TemplateContext(upstream($0.backend, choices)) }),
            ])
        }
    }

    func groups(_ choices: UpstreamChoices) -> [TemplateContext] {
        choices.groups.map { group, backend, pods in
            let names = PodNames.servers(of: backend, pods)
            return TemplateContext([
                .upstream: .value(group),
                .byAffinity: .flag(group.balancing == nil),
                .leastConnections: .flag(group.balancing?.method == .leastConnections),
                .randomTwo: .flag(group.balancing?.method == .randomTwo),
                .resolver: .value(settings.resolver),
                .isNamed: .flag(names != nil),
                .names: .list((names ?? []).map { TemplateContext([.upstreamServer: .value($0)]) }),
                .pods: .list(names == nil ? pods.map { TemplateContext([.upstreamServer: .value($0)]) } : []),
                .hasPods: .flag(!pods.isEmpty),
            ])
        }
    }

    func blueGreens(_ choices: UpstreamChoices) -> [TemplateContext] {
        choices.blueGreens.enumerated().map { number, pair in
            TemplateContext([
                .number: .value(Count(number: number)),
                .plain: .list([TemplateContext(upstream(pair.plain, choices))]),
                .blue: .list([TemplateContext(upstream(pair.blue, choices))]),
                .green: .list([TemplateContext(upstream(pair.green, choices))]),
            ])
        }
    }
}

/// A backend that nginx resolves at request time.
private struct NameAndPort: ConfigurationValue {
    let name: DNSName
    let port: ServicePort

    var configurationText: String { "\(name):\(port)" }
}

extension StickyKey {
    fileprivate var cookie: TokenName? { if case .cookie(let name) = self { name } else { nil } }
    fileprivate var header: TokenName? { if case .header(let name) = self { name } else { nil } }
}
