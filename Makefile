# defog-lsp: `make help` says what there is. Nothing here needs more than Python 3.11 and make.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test check format bench bench-quality bench-diagnostics bench-completion bench-pruning functions vsix pictures env env-dev tools pins clean

help:  ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: env  ## a language-server session over a sample database, in the terminal
	@$(BIN)/defog-lsp demo

test: env-dev tools  ## install what the whole suite needs, then run it
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: env-dev  ## format, lint, types, import contracts, TypeScript
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.support.install node extension
	cd editors/vscode && PATH="$(CURDIR)/.tools/node/bin:$$PATH" npm run --silent check

format: env-dev  ## format the Python code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: env-dev  ## measure what a user waits for, beside others (SMALL=1: a quick look)
	@$(BIN)/python -m tests.support.install node
	@$(BIN)/python -m benchmarks.speed $(if $(SMALL),--small)

bench-quality: env-dev  ## measure how well it works: diagnostics, completion, pruning
	@$(BIN)/python -m benchmarks

bench-diagnostics: env-dev  ## the diagnostics alone: how often they are wrong, or miss a mistake
	@$(BIN)/python -m benchmarks.diagnostics

bench-completion: env-dev  ## the completion alone: how high the right name is
	@$(BIN)/python -m benchmarks.completion $(if $(SAMPLE),--sample $(SAMPLE))

bench-pruning: env-dev  ## pruning alone: how much of what answers need is kept, and what it costs
	@$(BIN)/python -m benchmarks.pruning $(if $(SAMPLE),--sample $(SAMPLE))

functions: env-dev  ## read the functions of each dialect from engines and grammars
	@$(BIN)/python -m scripts.functions

vsix: env-dev  ## package the VS Code extension
	@$(BIN)/python -m tests.support.install node extension
	cd editors/vscode && PATH="$(CURDIR)/.tools/node/bin:$$PATH" npm run --silent package

pictures: env-dev tools  ## take the screenshots of the documentation anew
	@UPDATE_SCREENSHOTS=1 $(BIN)/python -m pytest -q tests/editors/test_vscode.py

env: $(VENV)/.runtime  ## the environment that the server runs in
env-dev: $(VENV)/.dev  ## the same with what the tests and checks need

tools: env-dev  ## databases, browser and editors for the tests
	@$(BIN)/python -m tests.support.install

pins: env-dev  ## choose and lock the newest versions that pyproject.toml allows
	@echo hatchling | $(BIN)/uv pip compile pyproject.toml - --all-extras --output-file requirements-dev.txt $(UV_ARGS)
	@echo hatchling | $(BIN)/uv pip compile pyproject.toml - --extra postgres-syntax --constraint requirements-dev.txt --output-file requirements.txt $(UV_ARGS)
	@$(BIN)/uv pip compile benchmarks/peers/python.in --output-file benchmarks/peers/python.txt $(UV_ARGS)

# For every platform and Python from 3.11 on; names no index, so any mirror serves them.
UV_ARGS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make pins"

clean:  ## remove everything that was made here
	rm -rf $(VENV) .tools .bench .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis \
		build dist editors/vscode/{node_modules,dist,bundled,*.vsix}

# The environment. A stamp is as new as the pins that it was made from.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "defog-lsp needs Python 3.11 or later; this is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make environments: on Debian or Ubuntu, apt-get install python3-venv." >&2; exit 1; }
	@echo "env: making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.txt pyproject.toml | $(BIN)/python
	@echo "env: installing the server and its pinned requirements"
	@$(PIP) --require-hashes --requirement requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "env: installing the pinned requirements of the tests and checks"
	@$(PIP) --require-hashes --requirement requirements-dev.txt
	@touch $@
