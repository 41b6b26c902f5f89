# The bundled server in a container: `docker build -t owp-pool .`; docs/deploying.md has the rest.
# The runtime image holds the one program and what it links to. It needs no writable file but below /data.

FROM node:22-bookworm-slim AS dashboard
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
COPY web/client/package.json client/
COPY web/components/package.json components/
COPY web/dashboard/package.json dashboard/
COPY web/obsidian-plugin/package.json obsidian-plugin/
RUN npm ci
COPY web ./
RUN npm run build -w dashboard

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=dashboard /src/web/dashboard/dist web/dashboard/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --release -p owp-server && cp target/release/owp-server /owp-server

FROM debian:bookworm-slim
# Numbers rather than names: who runs the image can tell that it is not root without looking into it.
RUN groupadd --gid 10001 owp \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin owp \
    && install --directory --owner=owp --group=owp --mode=0700 /data
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /owp-server /usr/local/bin/
ENV OWP_HOST=0.0.0.0 OWP_PORT=8787 OWP_DB_PATH=/data/pool.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["owp-server", "healthcheck"]
ENTRYPOINT ["owp-server"]
