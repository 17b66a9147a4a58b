# One image for every role: the gateway, each subgraph, and `tenon dev`.
FROM node:20-bookworm-slim AS console
WORKDIR /build/web-console
COPY web-console/package.json web-console/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY schema/api.graphql ../schema/api.graphql
COPY web-console ./
RUN npm run build

FROM rust:1.95-slim-bookworm AS build
# SQLite's own source is compiled in, which wants a C compiler.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
COPY --from=console /build/web-console/dist web-console/dist
RUN cargo build --release --locked --package cli --bin tenon

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home tenon
COPY --from=build /build/target/release/tenon /usr/local/bin/tenon
COPY --from=build /build/schema /schema
USER tenon
VOLUME /data
# In a container the address to listen on is the container's own.
ENV TENON_LISTEN=0.0.0.0:4000 TENON_DATA_DIR=/data
EXPOSE 4000
ENTRYPOINT ["tenon"]
CMD ["dev"]
