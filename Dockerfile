# Two stages: the first installs what is locked, the second holds no compiler and no pip.
FROM python:3.11-slim AS build
WORKDIR /gust
COPY requirements.lock .
RUN python -m venv .venv && \
    .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 gust
WORKDIR /gust
COPY --from=build /gust/.venv .venv
COPY main.py .
COPY agent agent
COPY channels channels
COPY config config
COPY evals evals
COPY memory memory
COPY tools tools
RUN mkdir var && chown gust var
USER gust
ENV PATH=/gust/.venv/bin:$PATH OMP_NUM_THREADS=1 PYDANTIC_AI_NO_BANNER=1 PYTHONUNBUFFERED=1
EXPOSE 8000
HEALTHCHECK CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=3)"
CMD ["python", "main.py", "serve", "--host", "0.0.0.0"]
