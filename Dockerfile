FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcurl4-openssl-dev libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# A layer of its own: dependencies change less often than the sources.
COPY Package.swift ./
RUN swift package resolve
COPY . .
RUN swift build -c release --static-swift-stdlib --product vault-ingress \
    && install -s "$(swift build -c release --static-swift-stdlib --show-bin-path)/vault-ingress" /vault-ingress

FROM debian:bookworm-slim
# Debian's nginx runs its workers as www-data. The controller starts as root, for the ports below 1024; what meets
# traffic does not. manifests/ take everything else from root.
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx dnsmasq-base libcurl4 libssl3 libstdc++6 ca-certificates \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled/default
COPY --from=build /vault-ingress /usr/bin/vault-ingress
COPY templates /usr/share/vault-ingress/templates
EXPOSE 80 443 8080
ENTRYPOINT ["/usr/bin/vault-ingress"]
CMD ["run"]
