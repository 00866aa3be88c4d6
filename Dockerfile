# One image for each server: docker build --target auth-server .
# Behind a registry mirror or a proxy with its own CA: --secret id=npmrc,src=$HOME/.npmrc
FROM node:24-bookworm-slim AS build
ENV CI=true
WORKDIR /build
# Packages come before sources, so that a changed source downloads nothing.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm install --global pnpm@12.21.0 && pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile && pnpm build
# Types, maps and TypeScript sources stay behind: running servers do not need them.
RUN pnpm --filter auth-server deploy --offline --prod --legacy /out/auth-server \
 && pnpm --filter product-server deploy --offline --prod --legacy /out/product-server \
 && pnpm --filter mail-worker deploy --offline --prod --legacy /out/mail-worker \
 && find /out -type f -regextype egrep -regex '.*\.([cm]?ts|map|tsbuildinfo)' -delete

FROM node:24-bookworm-slim AS app
ENV NODE_ENV=production
WORKDIR /app
COPY tools/build/check-health.mjs /
HEALTHCHECK --interval=5s --timeout=5s --retries=5 CMD ["node", "/check-health.mjs"]
CMD ["node", "dist/main.js"]
# A number, so that an orchestrator can see that it is not root.
USER 1000:1000

FROM app AS auth-server
ENV PORT=3000
EXPOSE 3000
COPY --from=build /out/auth-server .

FROM app AS product-server
ENV PORT=3001
EXPOSE 3001
COPY --from=build /out/product-server .

FROM app AS mail-worker
ENV PORT=3002
EXPOSE 3002
COPY --from=build /out/mail-worker .
