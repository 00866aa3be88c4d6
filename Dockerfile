# One image for each app: docker build --target auth-server .
FROM node:24-bookworm-slim AS build
WORKDIR /build
ENV PNPM="npx --yes pnpm@12.21.0" CI=true
COPY . .
RUN $PNPM install --frozen-lockfile
RUN $PNPM build \
 && $PNPM --filter auth-server deploy --prod --legacy /out/auth-server \
 && $PNPM --filter product-server deploy --prod --legacy /out/product-server

FROM node:24-bookworm-slim AS app
ENV NODE_ENV=production
WORKDIR /app
USER 1000:1000

FROM app AS auth-server
COPY --from=build /out/auth-server .
EXPOSE 3000
CMD ["node", "dist/main.js"]

FROM app AS product-server
COPY --from=build /out/product-server .
EXPOSE 3001
CMD ["node", "dist/main.js"]
