# Everything a newcomer, a developer and CI need. Only python3 (3.11 or newer, with venv), git and make must be there.
# `make` alone lists what can be asked for.

PYTHON ?= python3
# Twice the cores: many tests wait for a server or a program of their own.
WORKERS ?= 4
ARGS ?=
PYTEST_ARGS ?=
VENV := .venv/bin
PIP := -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary=:all:
SOURCES := bot adapters storage tests $(wildcard benchmarks)

# Environments are made again only when what they are made of changes.
PROGRAM := .venv/.made-program
TOOLS := .venv/.made-tools
SYNAPSE := .synapse/.made
POSTGRES := .postgres/.made
JS := tests/jsclient/node_modules/.made
# The one test that needs node says so where there is none.
JSCLIENT := $(if $(and $(shell command -v npm),$(wildcard tests/jsclient/package-lock.json)),$(JS))

.DEFAULT_GOAL := help
.PHONY: help try test environments check lint types imports words bench sandbox js synapse postgres pins clean

help: ## say what can be asked for
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

try: $(PROGRAM) ## rehearse a complete consultation in the terminal (ARGS="--lang en")
	@$(VENV)/palabre try $(ARGS)

test: environments ## run every test, on SQLite, PostgreSQL and a real Synapse
	$(VENV)/python -m pytest -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

environments: $(TOOLS) $(SYNAPSE) $(POSTGRES) $(JSCLIENT)

check: lint types imports words ## everything that can be said without running the program

lint: $(TOOLS)
	$(VENV)/ruff check $(SOURCES)
	$(VENV)/ruff format --check $(SOURCES)

types: $(TOOLS)
	$(VENV)/mypy

imports: $(TOOLS)
	$(VENV)/lint-imports

words:
	@bash .ci/words

bench: $(TOOLS) $(POSTGRES) ## measure speed against the floors, one JSON line each
	$(VENV)/python -m benchmarks $(ARGS)

sandbox: $(TOOLS) $(SYNAPSE) ## a throw-away Matrix server with the bot in a room, to try with Element
	$(VENV)/python -m tests.sandbox $(ARGS)

js: $(JS) ## the JavaScript Matrix client that the tests talk to (needs node)

synapse: $(SYNAPSE)

postgres: $(POSTGRES)

pins: ## resolve the dependencies again (needs uv)
	@for set in palabre:build dev:dev; do \
	  uv pip compile pyproject.toml --group $${set#*:} --universal --generate-hashes --python-version 3.11 \
	    --upgrade --no-header --quiet --output-file requirements/$${set%:*}.txt || exit 1; done
	@for set in synapse postgres; do \
	  uv pip compile --group $$set --universal --generate-hashes --python-version 3.11 \
	    --upgrade --no-header --quiet --output-file requirements/$$set.txt || exit 1; done

clean: ## remove the environments and everything that was built
	rm -rf .venv .synapse .postgres .cache build dist tests/jsclient/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	$(PYTHON) -m venv .venv

$(PROGRAM): requirements/palabre.txt pyproject.toml | .venv/bin/python
	$(VENV)/python $(PIP) -r requirements/palabre.txt
	$(VENV)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(TOOLS): requirements/dev.txt $(PROGRAM)
	$(VENV)/python $(PIP) -r requirements/dev.txt
	@touch $@

$(SYNAPSE): requirements/synapse.txt
	$(PYTHON) -m venv --clear .synapse
	.synapse/bin/python $(PIP) -r requirements/synapse.txt
	@touch $@

$(POSTGRES): requirements/postgres.txt
	$(PYTHON) -m venv --clear .postgres
	.postgres/bin/python $(PIP) -r requirements/postgres.txt
	@touch $@

$(JS): tests/jsclient/package-lock.json
	cd tests/jsclient && npm ci --no-audit --no-fund
	@touch $@
