internal import Routing

/// The variables of the templates. Each is named after the directive that it fills; sections that fill none are named
/// after the condition that they depend on. A template with another name is rejected when it is loaded.
package enum TemplateName: String, CaseIterable, Sendable {
    // nginx.conf
    case user, workerRlimitNofile, workerConnections, pid, errorLog, temporaryFolder, resolver, httpPort, httpsPort,
        listenIPv6, sslSessionTickets, http2ByListener, hasCatchAll, servesTLSCatchAll, defaultSSLCertificate,
        defaultSSLCertificateKey, additionalDefaultSSLCertificates, hasUnserved, unserved, servers, strictTransports,
        limitReqZones,
        cdnLoop, cdnLoopPattern, largeClientHeaderBuffers, largeClientHeaderBufferSize, keepaliveMinTimeout,
        sslCertificateCache, pcreJIT
    // upstreams.conf
    case splits, number, cookie, header, byAddress, byAffinity, parts, percentage, rest, blueGreens, plain, blue, green,
        groups, upstream, pods, hasPods, upstreamServer, leastConnections, randomTwo, isNamed, names
    // maps.conf
    case hasDynamicCertificates, certificateNames, hasShared, sharedHosts, hostUpstreams, hasPaths, exactPaths, deepest,
        prefixes, depth, next, elements, rules,
        rulePath
    // server.conf
    case isShared, readsInHandshake, certificateLinks, serverNames, serverName, host, owner, isCatchAll, isHTTPSOnly,
        affinity, keepsMethod, redirectPort,
        hasContent, listensTLS,
        sslCertificate, sslCertificateKey, additionalSSLCertificates, sslRejectHandshake, http2, strictTransport,
        locations
    // limits.conf
    case isClosed, authBasicUserFile, clientMaxBodySize, proxyConnectTimeout, proxyReadTimeout, proxySendTimeout,
        clientBodyTimeout, proxyInterceptErrors, proxyBufferingOff, proxyRequestBufferingOff, denyAll, allowFrom, allow,
        limitReqRate, proxyBufferSize, proxyBuffers, proxyBusyBuffersSize
    // location.conf
    case isByPath, location, isExact, isRouted, isAvailable, address, port, split, blueGreen, redirect, isRewritten,
        rewriteRegex,
        rewriteReplacement, passesHTTP, passesHTTPS, passesGRPC, passesGRPCS
    // error_pages.conf
    case isGRPC, errorPages, status, reason, pieces, segments, text, isRequestId
    // error_page.html
    case isNotFound, requestId
    // generation.conf
    case socket, generation
    // dnsmasq.conf
    case listenAddress, listenPort, hostsFolder, podDomain, upstreams
}

extension HostSettings {
    /// The variables of limits.conf, which only the settings of the host fill.
    func limits(htpasswdFolder: AbsolutePath) -> [TemplateName: TemplateField] {
        [
            .isClosed: .flag(basicAuth == .nobody || closedBy != nil),
            .authBasicUserFile: .optional(
                basicAuth?.source.map { HtpasswdFileName(folder: htpasswdFolder, source: $0) }),
            .clientMaxBodySize: .optional(bodySize),
            .proxyConnectTimeout: .optional(connectTimeout.map(Milliseconds.init)),
            .proxyReadTimeout: .optional(readTimeout.map(Milliseconds.init)),
            .proxySendTimeout: .optional(sendTimeout.map(Milliseconds.init)),
            .clientBodyTimeout: .optional(silenceTimeout.map(Milliseconds.init)),
            .proxyInterceptErrors: .flag(errorPages),
            .proxyBufferingOff: .flag(buffering == false),
            .proxyRequestBufferingOff: .flag(streamsRequests),
            .denyAll: .flag(allowFrom != nil),
            .allowFrom: .list((allowFrom ?? []).map { TemplateContext([.allow: .value($0)]) }),
            .proxyBufferSize: .optional(proxyBuffers.map { Count(number: $0.headers) }),
            .proxyBuffers: .optional(proxyBuffers.map { Count(number: $0.number) }),
            .proxyBusyBuffersSize: .optional(proxyBuffers.map { Count(number: $0.busy) }),
            .limitReqRate: .optional(rateLimit.map { Count(number: $0.perSecond) }),
        ]
    }

    /// A request body of gigabytes is not buffered on disk unless the Ingress enables buffering.
    private var streamsRequests: Bool {
        guard let buffering else { return (bodySize?.bytes ?? 0) > 1 << 30 }
        return !buffering
    }

    /// The buffer for a response's headers, the number of buffers of 16 KiB for its body, and the bytes of them that may be
    /// waiting for the client: `proxy_busy_buffers_size` must be at least `proxy_buffer_size`, and less than all buffers
    /// but one (ngx_http_proxy_module).
    ///
    /// The headers never fill the buffer: nginx loses the body of a response whose headers have exactly its size.
    private var proxyBuffers: (headers: Int, number: Int, busy: Int)? {
        responseHeaderSize.map { size in
            let headers = size.bytes + 1
            return (headers, max(8, (headers + 16383) / 16384 + 2), max(headers, 32768))
        }
    }

    /// The maximum idle time of a gRPC client in its stream, if it is longer than nginx's default of 60 s:
    /// nginx reads the stream as a request body and ends it after `client_body_timeout`.
    private var silenceTimeout: Duration? {
        guard backendProtocol.isGRPC, let readTimeout, readTimeout > .seconds(60) else { return nil }
        return readTimeout
    }
}

extension TemplateName {
    /// `init(rawValue:)` compares the text with one name after the other, and each host needs some hundred lookups.
    static let byText = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// The variables of error_page.html.
    static let ofPages: [TemplateName] = [.isNotFound, .reason, .requestId, .status]

    /// The names of version 0.1.0 that have changed.
    package static let renamed: [String: TemplateName] = [
        "bodySize": .clientMaxBodySize,
        "certificate": .sslCertificate,
        "connectTimeout": .proxyConnectTimeout,
        "connections": .workerConnections,
        "defaultCertificate": .defaultSSLCertificate,
        "defaultKey": .defaultSSLCertificateKey,
        "emergencyLog": .errorLog,
        "group": .upstream,
        "isRestricted": .denyAll,
        "isUnbuffered": .proxyBufferingOff,
        "key": .sslCertificateKey,
        "openFiles": .workerRlimitNofile,
        "path": .location,
        "pathPattern": .rewriteRegex,
        "pidFile": .pid,
        "pod": .upstreamServer,
        "range": .allow,
        "rateLimit": .limitReqRate,
        "rateLimits": .limitReqZones,
        "readTimeout": .proxyReadTimeout,
        "refusesTLS": .sslRejectHandshake,
        "rewrittenPath": .rewriteReplacement,
        "sendTimeout": .proxySendTimeout,
        "silenceTimeout": .clientBodyTimeout,
        "site": .host,
        "streamsRequests": .proxyRequestBufferingOff,
        "ticketKeysRotate": .sslSessionTickets,
        "userFile": .authBasicUserFile,
        "workerUser": .user,
    ]
}
