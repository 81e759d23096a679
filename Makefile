# Everything a developer or a machine runs. Needs make and a Python ≥ 3.11, nothing else: the rest goes into .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench crash-matrix faults evidence format messages lock clean
MAKEFLAGS += --no-builtin-rules

# The first of these that runs and is new enough makes .venv; `make PYTHON=/path/to/python` overrides.
PYTHON := python3.14 python3.13 python3.12 python3.11 python3
BIN := .venv/bin
READY := .venv/ready
SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
# What the development lock holds beside the runtime: the group `dev` and what builds the package, editable too.
DEVELOPMENT := import tomllib; project = tomllib.load(open("pyproject.toml", "rb")); \
	print(*project["dependency-groups"]["dev"], *project["build-system"]["requires"], "editables", sep="\n")
UNITS := $(wildcard systemd/*.service systemd/*.target)
BABEL := $(BIN)/pybabel --quiet
LOCK := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## a whole exchange over real SFTP on bundled samples; ends by itself
	@$(BIN)/gateway demo $(ARGS)

test: $(READY) ## the test suite; a warning is an error (ARGS="-k name" picks tests)
	@LANGUAGE=en $(BIN)/python -m pytest -W error -n auto --dist loadfile --no-loadscope-reorder --ignore gateway/journal/migrations tests gateway adapters $(ARGS)

lint: $(READY) ## style, formatting, types, direction of imports, systemd units
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@if command -v systemd-analyze >/dev/null; then systemd/verify $(UNITS); else echo "no systemd-analyze here: units not verified"; fi

bench: $(READY) ## speed and memory against hand-written code
	@$(BIN)/python tests/bench $(ARGS)

crash-matrix: $(READY) ## the gateway killed at every crash point, and what its partners received (ARGS="--soak 1000")
	@LANGUAGE=en $(BIN)/python -m tests.crash $(ARGS)

faults: $(READY) ## every row of the fault matrix: what goes wrong, its tests, what passed
	@$(BIN)/python -m tests.faults $(ARGS)

evidence: $(READY) ## what each format of customs carries, in figures (with the shared data)
	@$(BIN)/python -m tests.evidence

format: $(READY) ## let ruff write the style it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

messages: $(READY) ## take new texts up into the catalogues of languages and compile them
	@mkdir -p build
	@$(BABEL) extract --mapping-file gateway/locale/babel.cfg --keywords "say translate translate_word:1c,2" --add-location file \
		--sort-by-file --width 120 --project "postal-customs gateway" --version "" --output-file build/gateway.pot .
	@$(BABEL) update --input-file build/gateway.pot --output-dir gateway/locale --domain gateway --width 120 \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@$(BIN)/pybabel compile --directory gateway/locale --domain gateway --statistics

lock: $(READY) ## pin the newest versions of all dependencies, with hashes
	@$(LOCK) --extra postgres --output-file requirements.lock pyproject.toml
	@$(BIN)/python -c '$(DEVELOPMENT)' | $(LOCK) --constraint requirements.lock --extra postgres --output-file requirements-dev.lock pyproject.toml -

clean: ## remove .venv and what tools have left
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): requirements-dev.lock pyproject.toml
	@for python in $(PYTHON); do \
		if $$python -c '$(SUITABLE)' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
		echo "The gateway needs Python 3.11 or newer with its venv module; none of these is one: $(PYTHON)." >&2; \
		echo "Install one (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	$(BIN)/python -c '$(SUITABLE)' 2>/dev/null || { echo "making .venv with $$($$found --version)"; $$found -m venv --clear .venv; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
