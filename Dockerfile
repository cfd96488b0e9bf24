# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY mock_bitrix mock_bitrix
COPY fixtures fixtures
# hadolint ignore=DL3013 - the one package is this one
RUN pip install --no-cache-dir --prefix=/install ".[postgresql]"

FROM python:3.13-slim
COPY --from=build /install /usr/local
RUN useradd --create-home --uid 10001 portal \
    && install -d -o portal -g portal /data
USER 10001
ENV MOCK_BITRIX_HOST=0.0.0.0 \
    MOCK_BITRIX_DATABASE=sqlite:////data/portal.sqlite \
    MOCK_BITRIX_HOME=/data/home \
    PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8024
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s --retries=5 \
    CMD ["mock-bitrix", "healthcheck"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["mock-bitrix"]
CMD ["serve"]
