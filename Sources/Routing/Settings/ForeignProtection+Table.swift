/// The annotations of other controllers that protect hosts: allow-lists and deny-lists of addresses, passwords, login at
/// another server, client certificates, web application firewalls. Annotations that rewrite, redirect or tune are not in
/// it; nor are those whose effect is limited to a rate.
extension ForeignProtection {
    static let byName = Dictionary(uniqueKeysWithValues: table.map { ($0.name, $0) })

    private static let table: [ForeignProtection] =
        ingressNginx + nginxInc + haproxy + traefik + cloud + gateways

    private static func list(
        _ prefix: String, _ names: String, _ values: Values = .any, instead equivalent: Annotation? = nil
    ) -> [ForeignProtection] {
        names.split(separator: " ").map {
            ForeignProtection(name: "\(prefix)/\($0)", values: values, equivalent: equivalent)
        }
    }

    /// Directives of nginx in a snippet that restrict access.
    private static let nginxDirectives = Values.directives([
        "deny ", "auth_basic", "auth_request", "auth_jwt", "ssl_verify_client", "satisfy ", "modsecurity ",
        "return 401",
        "return 403", "return 444",
    ])

    private static let haproxyDirectives = Values.directives([
        "http-request deny", "http-request auth", "http-request reject", "http-request silent-drop",
        "http-request tarpit", "tcp-request content reject", "tcp-request connection reject", "block ",
    ])

    /// ingress-nginx and its forks.
    private static let ingressNginx = ["nginx.ingress.kubernetes.io", "higress.io", "mse.ingress.kubernetes.io"].flatMap
    {
        list($0, "whitelist-source-range allowlist-source-range", .addresses, instead: .allowFrom)
            + list($0, "denylist-source-range blacklist-source-range")
            + list($0, "auth-type auth-secret auth-secret-type", instead: .basicAuth)
            + list($0, "auth-url auth-signin auth-tls-secret auth-tls-verify-client auth-tls-match-cn satisfy")
            + list($0, "enable-global-auth enable-modsecurity enable-owasp-core-rules modsecurity-snippet")
            + list($0, "server-snippet configuration-snippet auth-snippet", nginxDirectives)
    }

    /// The controller of NGINX, Inc. and its firewall.
    private static let nginxInc =
        list("nginx.org", "basic-auth-secret", instead: .basicAuth)
        + list("nginx.org", "policies")
        + list("nginx.org", "server-snippets location-snippets", nginxDirectives)
        + list("nginx.com", "jwt-key jwt-login-url")
        + list("appprotect.f5.com", "app-protect-enable app-protect-policy")
        + list("appprotectdos.f5.com", "app-protect-dos-resource")

    /// The controllers of HAProxy Technologies and of the community, the older prefix that several controllers share,
    /// and OpenShift's router.
    private static let haproxy =
        list("haproxy.org", "allow-list whitelist", .addresses, instead: .allowFrom)
        + list("haproxy.org", "deny-list blacklist client-ca")
        + list("haproxy.org", "auth-type auth-secret", instead: .basicAuth)
        + list("haproxy.org", "backend-config-snippet frontend-config-snippet", haproxyDirectives)
        + ["haproxy-ingress.github.io", "ingress.kubernetes.io"].flatMap {
            list($0, "allowlist-source-range whitelist-source-range", .addresses, instead: .allowFrom)
                + list($0, "denylist-source-range")
                + list($0, "auth-type auth-secret", instead: .basicAuth)
                + list($0, "auth-url auth-tls-secret auth-tls-verify-client oauth waf")
                + list($0, "config-backend config-frontend", haproxyDirectives)
        }
        + list("haproxy.router.openshift.io", "ip_whitelist ip_allowlist", .addresses, instead: .allowFrom)

    /// Middlewares and TLS options are objects of their own: they may protect.
    private static let traefik =
        list("traefik.ingress.kubernetes.io", "router.middlewares router.tls.options")
        + list("traefik.ingress.kubernetes.io", "whitelist-source-range", .addresses, instead: .allowFrom)
        + list("traefik.ingress.kubernetes.io", "auth-type auth-secret", instead: .basicAuth)

    /// Load balancers of clouds.
    private static let cloud =
        list("alb.ingress.kubernetes.io", "inbound-cidrs", .addresses, instead: .allowFrom)
        + list("alb.ingress.kubernetes.io", "security-groups security-group-prefix-lists mutual-authentication")
        + list("alb.ingress.kubernetes.io", "auth-type auth-idp-cognito auth-idp-oidc jwt-validation")
        + list("alb.ingress.kubernetes.io", "wafv2-acl-arn wafv2-acl-name waf-acl-id web-acl-id")
        + list("appgw.ingress.kubernetes.io", "waf-policy-for-path appgw-ssl-profile")

    /// API gateways. Plugins are objects of their own: they may protect.
    private static let gateways =
        list("konghq.com", "plugins") + list("plugins.konghq.com", "plugins")
        + list("k8s.apisix.apache.org", "allowlist-source-range", .addresses, instead: .allowFrom)
        + list("k8s.apisix.apache.org", "blocklist-source-range auth-type auth-uri plugin-config-name enable-csrf")
        + list(
            "zalando.org", "skipper-filter",
            .directives(["oauth", "oidc", "jwt", "basicAuth", "webhook", "opa", "block", "status(403)", "status(401)"]))
        + list("zalando.org", "skipper-predicate", .directives(["Source", "ClientIP", "JWTPayload"]))
}
