# Everything runs in .venv, made from requirements.lock: names, versions and hashes of every package.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup demo test check lint format types lock torture test-scale clean \
	bench bench-extraction bench-aid bench-crawl bench-storage bench-scale

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15) and "aidwire needs Python 3.11 to 3.14: make setup PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: setup
	$(BIN)/aidwire demo

# In the order of the folders: by number of tests, the few that crawl for minutes would come last.
test: setup
	$(BIN)/pytest -m "not torture" --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .

format: setup
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

check: lint format types test

# Kills, floods and long runs: minutes to an hour.
torture: setup
	$(BIN)/pytest -m torture

# Several machines as processes, on PostgreSQL and Redis of the distribution (installed where missing).
test-scale: setup
	$(BIN)/pytest tests/scale -m torture -s

# The figures of README.md and docs/, each from one run; some compare with ../shared/pages where present.
bench: bench-extraction bench-aid bench-crawl bench-storage bench-scale

bench-extraction: setup
	$(BIN)/python -m benchmarks.extraction_quality

bench-aid: setup
	$(BIN)/python -m benchmarks.aid

bench-crawl: setup
	$(BIN)/python -m benchmarks.crawl
	$(BIN)/python -m benchmarks.throttle

bench-storage: setup
	$(BIN)/python -m benchmarks.near_duplicates
	$(BIN)/python -m benchmarks.storage

bench-scale: setup
	$(BIN)/python -m benchmarks.scale

# Renews requirements.lock from pyproject.toml.
lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-strip-extras --upgrade --all-extras --group dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache
