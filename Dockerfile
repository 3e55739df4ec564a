# The image of Turnabout. Its database, and the key that seals free text, live in the volume /data.
#
#   docker build -t turnabout .
#   docker run --env-file .env -v turnabout:/data turnabout
#   docker run --env-file .env -v turnabout:/data -p 3000:3000 turnabout --http --host 0.0.0.0
#
# What follows the image's name goes to `turnabout run`. The health check asks port 3000.

FROM python:3.13-slim-bookworm AS builder
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/turnabout
WORKDIR /src
COPY constraints.txt ./
RUN /opt/turnabout/bin/pip install --require-hashes -r constraints.txt
COPY pyproject.toml README.md manifest.yaml ./
COPY bot/ bot/
COPY handlers/ handlers/
COPY migrations/ migrations/
COPY models/ models/
COPY prompts/ prompts/
COPY sandbox/ sandbox/
RUN /opt/turnabout/bin/pip install --no-deps --no-build-isolation . \
    && /opt/turnabout/bin/pip uninstall --yes setuptools pip

FROM python:3.13-slim-bookworm
RUN pip uninstall --yes pip \
    && groupadd --gid 10001 turnabout \
    && useradd --uid 10001 --gid turnabout --no-create-home --home-dir /data turnabout \
    && install --directory --mode 0750 --owner turnabout --group turnabout /data
COPY --from=builder /opt/turnabout /opt/turnabout
ENV PATH=/opt/turnabout/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TURNABOUT_DATABASE_URL=sqlite:////data/turnabout.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:3000/healthz', timeout=4)"]
ENTRYPOINT ["sh", "-c", "turnabout db upgrade && exec turnabout run \"$@\"", "turnabout"]
