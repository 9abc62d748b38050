# Two commands for everybody: `make demo` and `make test`. Each sets itself up.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
# The embedding engine beside other work is fastest on one thread (measured).
export OMP_NUM_THREADS = 1
export PYDANTIC_AI_NO_BANNER = 1

.PHONY: demo test lint evals bench lock clean

demo: $(VENV)/.installed
	$(PY) main.py demo --port $(PORT) $(ARGS)

test: $(VENV)/.installed-dev
	$(PY) -m pytest -n auto --dist worksteal $(ARGS)
	$(PY) main.py evals run
	$(PY) main.py evals run --model recorded

lint: $(VENV)/.installed-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/basedpyright
	$(VENV)/bin/lint-imports

evals: $(VENV)/.installed
	$(PY) main.py evals run $(ARGS)

# What documents and a turn cost. LANGGRAPH=1 sets LangGraph beside it, in an environment
# of its own.
bench: $(VENV)/.installed-dev
	$(PY) -m tests.bench documents
	$(PY) -m tests.bench providers $(if $(LANGGRAPH),--langgraph) $(ARGS)

# Compiled from pyproject.toml; the files hold names, versions and hashes only.
lock: $(VENV)/.installed-dev
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-header \
		pyproject.toml -o requirements.lock
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-header \
		--group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) var .pytest_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make demo PYTHON=python3.11"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python has no venv here. On Debian or Ubuntu: sudo apt install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock | $(VENV)/bin/python
	@echo "Installing what is locked in requirements.lock (once)…"
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing what is locked in requirements-dev.lock (once)…"
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.installed
