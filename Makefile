.DEFAULT_GOAL := help
.PHONY: help demo readers evidence test check bench lock clean setup
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: .venv/.run ## the main job on the example company: check, access, erasure over two stores
	@$(BIN)/python examples/demo.py

readers: .venv/.run ## purpose-bound use on the example company: who reads whom, a withdrawal, and what the years take
	@$(BIN)/python examples/readers.py

evidence: .venv/.run ## an erasure, its evidence handed over, and a stranger who verifies it with nothing else
	@$(BIN)/python examples/evidence.py

test: .venv/.dev ## set up all that the tests need (Debian packages where root allows) and run everything
	@bash tests/prepare.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: .venv/.dev ## format, lint, strict types and import layers
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/mypy bench --follow-imports=silent && $(BIN)/lint-imports

bench: .venv/.dev ## measure side by side and print ratios (make bench ONLY=rights)
	@bash tests/prepare.sh
	@$(BIN)/python -m bench --only "$(ONLY)"

setup: .venv/.dev ## the environment for development, in .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "belofte needs Python 3.11 or newer; say which: make PYTHON=python3.12 …"; exit 1; }
	@echo "setting up .venv …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/.run: requirements/run.lock pyproject.toml | .venv/bin/python
	@echo "installing the locked dependencies …"
	@$(BIN)/uv pip install --quiet -p $(BIN)/python --require-hashes -r requirements/run.lock
	@$(BIN)/uv pip install --quiet -p $(BIN)/python --no-deps -e .
	@touch $@

.venv/.dev: requirements/dev.lock pyproject.toml | .venv/bin/python
	@echo "installing the locked dependencies for development …"
	@$(BIN)/uv pip install --quiet -p $(BIN)/python --require-hashes -r requirements/dev.lock
	@$(BIN)/uv pip install --quiet -p $(BIN)/python --no-deps -e .
	@touch $@ .venv/.run

lock: | .venv/bin/python ## resolve the dependencies anew
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements/run.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group dev --extra parquet pyproject.toml -o requirements/dev.lock

clean: ## remove what was built (keeps .venv)
	@rm -rf build dist .belofte .hypothesis .mypy_cache .ruff_cache .pytest_cache
