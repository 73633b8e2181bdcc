# gateprint as a program: docs/installing.md. Versions are pinned by tag: a registry was not at hand when this was written. Put
# digests there: python:…@sha256:…
ARG PYTHON=python:3.11.13-slim-bookworm
ARG NODE=node:22.17.0-bookworm-slim

FROM ${NODE} AS node

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
RUN python -m venv /opt/gateprint
# The packages change seldom, and are a layer of their own.
COPY requirements.lock requirements-run.lock ./
RUN /opt/gateprint/bin/pip install --require-hashes -r requirements-run.lock
# What builds the wheel is pinned as well.
RUN sed -n '/^setuptools==/,/# via/p' requirements.lock > requirements-build.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --no-deps -r requirements-build.lock
COPY . .
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --no-index --wheel-dir dist . \
    && /opt/gateprint/bin/pip install --no-deps --no-index dist/*.whl
# Downloads Terraform, and checks its SHA-256; needs Node no more than validate does.
WORKDIR /opt/terraform
RUN /opt/gateprint/bin/gateprint setup

FROM ${PYTHON}
RUN useradd --create-home --uid 10001 gateprint && mkdir /project && chown gateprint /project
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=build /opt/gateprint /opt/gateprint
COPY --from=build /opt/terraform/.gateprint/bin/terraform /usr/local/bin/terraform
ENV PATH=/opt/gateprint/bin:$PATH CHECKPOINT_DISABLE=1 JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20
USER gateprint
WORKDIR /project
ENTRYPOINT ["gateprint"]
CMD ["--help"]
