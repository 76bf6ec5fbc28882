# Two stages: the first installs what Chimera needs with uv, the second runs it without uv.
FROM python:3.13-slim AS build

ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 UV_NO_CACHE=1
WORKDIR /build
COPY requirements/tools.txt requirements/runtime.txt ./
RUN python3 -m pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: --target /tools -r tools.txt \
    && /tools/bin/uv venv --python python3 /chimera/.venv \
    && /tools/bin/uv pip install --python /chimera/.venv/bin/python --require-hashes -r runtime.txt


FROM python:3.13-slim

LABEL org.opencontainers.image.title="Chimera" \
      org.opencontainers.image.description="The self-hosted theatre and laboratory for AI personas that talk to each other"

WORKDIR /chimera
COPY --from=build /chimera/.venv .venv
COPY . .
RUN .venv/bin/python -m compileall -q app pages components migrations main.py \
    && mkdir -m 700 /data \
    && chown 10001:10001 /data
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp CHIMERA_DATA_DIR=/data CHIMERA_HOST=0.0.0.0 CHIMERA_PORT=8080
VOLUME /data
EXPOSE 8080
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["/chimera/.venv/bin/python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['CHIMERA_PORT'] + '/health', timeout=4)"]

# Listening on every address inside the container is right; letting the network in is the host's own decision, so
# CHIMERA_TRUST_NETWORK is not set here and the start is refused, with a sentence, until the host sets it.
# No shell and no init: signals reach Chimera itself, and it leaves no orphans behind.
CMD ["/chimera/.venv/bin/python", "main.py"]
