# leakbed with a Python beside it, for the Python reference gateway (compose.yaml, profile python): its
# packages are installed when the image is built. Build from the top folder:
# docker build -f harness/container/python.Dockerfile -t leakbed:python .

FROM node:24-bookworm-slim AS packages
WORKDIR /leakbed
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force
RUN find node_modules -type f \( -name '*.d.ts' -o -name '*.map' -o -name '*.md' \) \
  ! -iname 'licen[cs]e*' -delete

FROM python:3.11-slim-bookworm
# Where the environment is looked for and found, whoever runs the image.
ENV NODE_ENV=production XDG_CACHE_HOME=/opt/cache
WORKDIR /leakbed
COPY --from=packages /usr/local/bin/node /usr/local/bin/node
COPY harness/subjects/python-environment.ts ./harness/subjects/
COPY harness/subjects/reference-python/requirements.txt ./harness/subjects/reference-python/
# Compiled here, because the user who runs it may not write beside it.
RUN node --input-type=module -e " \
  import { openPythonEnvironment } from '/leakbed/harness/subjects/python-environment.ts'; \
  const requirementsFile = '/leakbed/harness/subjects/reference-python/requirements.txt'; \
  await openPythonEnvironment({ requirementsFile });"
COPY --from=packages /leakbed/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY injectors ./injectors
COPY mocks ./mocks
COPY harness ./harness
RUN mkdir /runs
USER 1000:1000
ENTRYPOINT ["node", "harness/cli/leakbed.mjs"]
CMD ["run", "--gateway", "reference-python", "--out", "/runs"]
