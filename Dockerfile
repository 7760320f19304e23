# Pinned by version. The runtime needs glibc and OpenSSL 3 of Debian 12, and nginx 1.29.7 or newer.
ARG BUILD_IMAGE=swift:6.3-bookworm
ARG RUNTIME_IMAGE=nginx:1.29.7-bookworm

FROM ${BUILD_IMAGE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcurl4-openssl-dev libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# A separate layer: dependencies change less often than the sources.
COPY Package.swift ./
RUN swift package resolve
COPY . .
RUN swift build -c release --static-swift-stdlib --product vault-ingress \
    && install -s "$(swift build -c release --static-swift-stdlib --show-bin-path)/vault-ingress" /vault-ingress

FROM ${RUNTIME_IMAGE} AS runtime
# The controller starts as root, for the ports below 1024. nginx's workers, which handle the traffic, run as www-data.
# manifests/ drop all other rights of root.
RUN apt-get update \
    && apt-get install -y --no-install-recommends dnsmasq-base libcurl4 libssl3 libstdc++6 ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /vault-ingress /usr/bin/vault-ingress
COPY templates /usr/share/vault-ingress/templates
EXPOSE 80 443 8080
# nginx's image has SIGQUIT, which ends the controller at once.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/vault-ingress"]
CMD ["run"]
