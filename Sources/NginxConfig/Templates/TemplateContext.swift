internal import Mustache

/// What a name in a template stands for. There is no case for plain text: only validated values can be shown.
package enum TemplateField: Sendable {
    case value(any ConfigurationValue)
    case flag(Bool)
    case list([TemplateContext])

    static func optional(_ value: (any ConfigurationValue)?) -> TemplateField {
        value.map { .value($0) } ?? .flag(false)
    }
}

/// The names that a template sees at one level.
package struct TemplateContext: Sendable, MustacheParent {
    package let fields: [TemplateName: TemplateField]

    package init(_ fields: [TemplateName: TemplateField]) {
        self.fields = fields
    }

    /// For the template engine.
    func child(named name: String) -> Any? {
        guard let name = TemplateName.byText[name], let field = fields[name] else { return nil }
        switch field {
        case .value(let value): return value.configurationText
        case .flag(let flag): return flag
        case .list(let list): return list
        }
    }
}

/// Every name a template may use; a template with another one is refused when it is loaded.
package enum TemplateName: String, CaseIterable, Sendable {
    // nginx.conf
    case workerUser, openFiles, connections, pidFile, emergencyLog, temporaryFolder, resolver, httpPort, httpsPort,
        listenIPv6, ticketKeysRotate, http2ByListener, hasCatchAll, servesTLSCatchAll, defaultCertificate, defaultKey,
        servers, strictTransports, rateLimits
    // the backends that are chosen by request
    case splits, number, cookie, header, byAddress, byAffinity, parts, percentage, rest, blueGreens, plain, blue, green,
        groups, group, pods, pod
    // a server
    case serverName, site, owner, isCatchAll, isHTTPSOnly, affinity, keepsMethod, redirectPort, hasContent, listensTLS,
        certificate, key, refusesTLS, http2, strictTransport, locations
    // what a server limits
    case isClosed, userFile, bodySize, connectTimeout, readTimeout, sendTimeout, silenceTimeout, isUnbuffered,
        streamsRequests, isRestricted, allowFrom, range, rateLimit
    // a location
    case path, isExact, isRouted, isAvailable, address, port, split, blueGreen, redirect, isRewritten, pathPattern,
        rewrittenPath, passesHTTP, passesHTTPS, passesGRPC, passesGRPCS
    // the errors that have a page
    case isGRPC, errorPages, status, reason, pieces, segments, text, isRequestId
    // error_page.html
    case isNotFound, requestId
    // generation.conf
    case socket, generation
    // dnsmasq.conf
    case listenAddress, listenPort, upstreams
}

extension TemplateName {
    /// `init(rawValue:)` compares the text with one name after the other, and a host asks some hundred times.
    static let byText = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// All that a page knows.
    static let ofPages: [TemplateName] = [.isNotFound, .reason, .requestId, .status]
}
