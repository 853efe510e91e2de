# One image for every role: `docker build -t skein .`, then `skein collector`, `skein ingest`, `skein query`, `skein demo`.
FROM node:24-bookworm-slim AS build
WORKDIR /skein
COPY . .
RUN node cli/bin/skein.mjs build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production UV_THREADPOOL_SIZE=16 SKEIN_DATA_DIR=/data SKEIN_INTERNAL_BUILT_WORKERS=1
WORKDIR /skein
COPY --from=build /skein /skein
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 4317 4318 8080
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/skein/cli/src/main.ts"]
CMD ["up"]
