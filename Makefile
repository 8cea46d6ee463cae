# One line a target. Another interpreter than python3: `make demo PYTHON=python3.12`.
export PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
# Bytecode makes every later import quick, so an environment that forbids it is overruled here.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo lab test lint front bench

demo: .venv/.installed  ## Execute the tutorial in a real kernel and list its runs
	$(BIN)/aml-magics demo

lab: .venv/.installed  ## Open the tutorials in JupyterLab
	cd notebooks && ../$(BIN)/jupyter lab $(ARGS)

test: lint tests/azurite/node_modules/.installed  ## Everything that CI runs; one file: `make test ARGS=tests/store/catalogue/test_postgres_server.py`
	cd labextension && npx vitest run
	.ci/system-packages postgresql chromium && $(BIN)/python -m pytest -n 2 --reruns 1 $(ARGS)

lint: .venv/.installed-test  ## Style, types and the direction of imports
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
	cd labextension && npx tsc --noEmit && npx eslint .

front: labextension/node_modules/.installed  ## Build the front end again, after a change of it
	cd labextension && npm run -s build

bench: .venv/.installed-test tests/azurite/node_modules/.installed  ## Measure; beside the peers with `make bench ARGS=--peers`
	$(BIN)/python -m tests.benchmarks $(ARGS)

# The stamps: the environment is made once, and again when what it is made from changes. The front end
# is built before the package is installed, which takes what is built to where JupyterLab looks for it.
INSTALL = echo "Filling .venv, which takes about a minute the first time." && .ci/system-packages python && { test -x $(BIN)/pip || $(PYTHON) -m venv .venv; } && $(BIN)/python -m pip install --quiet --compile --editable
MADE_FROM = pyproject.toml labextension/package.json | aml_magics/labextension/package.json
.venv/.installed: $(MADE_FROM)
	@$(INSTALL) '.' && $(LINK) && touch $@
.venv/.installed-test: $(MADE_FROM)
	@$(INSTALL) '.[test]' && $(LINK) && touch $@ .venv/.installed

# A front end that is built again is seen without another installation.
LINK = rm -rf .venv/share/jupyter/labextensions/aml-magics && ln -s "$(CURDIR)/aml_magics/labextension" .venv/share/jupyter/labextensions/aml-magics

FRONT = $(shell find labextension -path labextension/node_modules -prune -o -path labextension/lib -prune -o -path labextension/tests -prune -o -type f -print)
aml_magics/labextension/package.json: labextension/node_modules/.installed $(FRONT)
	cd labextension && npm run -s build
labextension/node_modules/.installed: labextension/package-lock.json
	.ci/system-packages node && cd labextension && npm ci --no-fund --no-audit && touch node_modules/.installed

# Azure Blob Storage for the tests.
tests/azurite/node_modules/.installed: tests/azurite/package-lock.json
	.ci/system-packages node && cd tests/azurite && npm ci --no-fund --no-audit --ignore-scripts && touch node_modules/.installed
