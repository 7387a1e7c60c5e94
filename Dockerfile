# syntax=docker/dockerfile:1
# The program in an image of its own: one static binary, no shell, not root.

# The pages are the same for every platform, and Go compiles for another: both are built
# on the machine that builds, e.g. docker buildx build --platform linux/amd64,linux/arm64 .
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS web
WORKDIR /src
COPY web/package.json web/package-lock.json web/
RUN npm --prefix web ci --no-audit --no-fund
COPY graph/schema graph/schema
COPY web web
RUN npm --prefix web run build

FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/web/dist web/dist
ARG VERSION
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION:-$(cat VERSION)}" -o /out/switchboard ./cmd/switchboard \
 && mkdir -p /out/data

FROM scratch
# Roots for an identity provider's keys and for a database over TLS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/switchboard /switchboard
# The embedded engine's folder, used if no volume is mounted.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV SWITCHBOARD_ADDR=0.0.0.0:8080 SWITCHBOARD_DATA=/data SWITCHBOARD_LOG_FORMAT=json
EXPOSE 8080
ENTRYPOINT ["/switchboard"]
CMD ["serve"]
