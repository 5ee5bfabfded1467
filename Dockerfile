# The server in a container: docs/operations.md.
#
# This file has not been run: no container engine was at hand when it was written. Each of its commands was run by hand
# on Node 24, in the same order and with the same files.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# optional ones too: the bundler's own binary is one of them
RUN npm ci
COPY index.html vite.config.ts vite.editor.config.ts tsconfig*.json ./
COPY public public
COPY scripts scripts
COPY nodes nodes
COPY runtime runtime
COPY src src
RUN node scripts/build.js

FROM node:24-slim AS libraries
WORKDIR /libraries
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE CHANGELOG.md ./
COPY scripts/sms-logic.js scripts/bundled-node.js scripts/
COPY --from=libraries /libraries/node_modules node_modules
COPY --from=build /build/dist dist
# the data folder belongs to the user of the server alone
RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
VOLUME /data
EXPOSE 8080
# the server waits up to 20 s for texts on their way
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "scripts/sms-logic.js"]
CMD ["start", "--host", "0.0.0.0", "--data", "/data", "--no-sandbox"]
