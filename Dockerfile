# syntax=docker/dockerfile:1
# The server in a small image: one program, no shell needed, run by a user without rights.
#   docker build -t techex .

FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
# Both databases and TLS are compiled in, so the program needs only the C library. The caches stay between builds.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target,sharing=locked \
    cargo build --release --locked --bin techex && install -D target/release/techex /out/techex

FROM debian:bookworm-slim
RUN groupadd --system --gid 10001 techex \
    && useradd --system --uid 10001 --gid techex --home-dir /var/lib/techex --shell /usr/sbin/nologin techex \
    && install -d -o techex -g techex -m 0700 /var/lib/techex /backups
COPY --from=build /out/techex /usr/local/bin/techex
ENV TECHEX_MODE=production \
    TECHEX_DATA_DIR=/var/lib/techex \
    TECHEX_SERVER__ADDRESS=0.0.0.0:8080 \
    TECHEX_METRICS__ADDRESS=0.0.0.0:9464 \
    TECHEX_LOG__FORMAT=json
USER 10001:10001
WORKDIR /var/lib/techex
VOLUME /var/lib/techex
EXPOSE 8080 9464
HEALTHCHECK --interval=10s --timeout=6s --start-period=120s --retries=3 CMD ["techex", "health"]
ENTRYPOINT ["techex"]
CMD ["serve"]
