# syntax=docker/dockerfile:1

# --- Build: every package, then the compiled server, then only what it needs to run ---
FROM node:22-bookworm-slim AS build
WORKDIR /app

# Packages first: they change less often than the code, and their layer is used again.
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund

COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

# --- Run ---
FROM node:22-bookworm-slim

# python3 and venv check the Python code that is built, bubblewrap isolates it, tini reaps what a sandbox leaves behind.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap ca-certificates python3 python3-venv tini \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner=node --group=node --mode=0700 /data \
    && install --directory --owner=node --group=node /data/toolchains

WORKDIR /app
# Owned by root: the server can't change its own code.
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data

USER node
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["tini", "--"]
CMD ["node", "dist/src/main.js"]
