# The images of Kepler's runtime. `npm run image -- <tag of images.csv>` builds them: it prepares dist/image/tree from locked
# packages first (build/image/prepare.ts), so that no stage needs a network, a shell or a package manager.
#   docker build --build-arg BASE=<an image with Node.js 20 or later as `node`> .
ARG BASE=gcr.io/distroless/nodejs24-debian12

# Nothing of this stage ships: here the prepared tree is put on the base and started once, so that a base that lacks a
# library fails now and not on somebody's search head.
FROM ${BASE} AS checked
ENV PATH=/usr/local/bin:/usr/bin:/bin:/nodejs/bin:/opt/kepler/node/bin
COPY dist/image/tree/ /
# Node.js 22.1 and later keep what they have compiled: read-only afterwards, but half the time of a start.
ENV NODE_COMPILE_CACHE=/app/.cache
RUN ["node", "/app/check.mjs"]

FROM ${BASE}
ARG TAG=cpu
ARG VERSION=dev
ARG ABOUT="Kepler's runtime"
LABEL kepler.image=${TAG} \
      kepler.version=${VERSION} \
      kepler.about=${ABOUT} \
      org.opencontainers.image.title="kepler-${TAG}" \
      org.opencontainers.image.version=${VERSION} \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/usr/local/bin:/usr/bin:/bin:/nodejs/bin:/opt/kepler/node/bin \
    PYTHONPATH=/opt/kepler/python \
    PYTHONDONTWRITEBYTECODE=1 \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.cache \
    KEPLER_HOME=/var/lib/kepler \
    KEPLER_TRUSTED_KEYS=/etc/kepler/keys \
    KEPLER_LISTEN=https://0.0.0.0:8443
COPY --from=checked /opt/kepler /opt/kepler
COPY --from=checked /app /app
COPY --from=checked /etc/kepler /etc/kepler
COPY --from=checked --chown=1001:0 /var/lib/kepler /var/lib/kepler
WORKDIR /app
USER 1001:0
EXPOSE 8443
VOLUME ["/var/lib/kepler"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["node", "/app/health.mjs"]
ENTRYPOINT ["node", "/app/dist/runtime/main.mjs"]
