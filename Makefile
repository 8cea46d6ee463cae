# One line a target. Another interpreter than python3: `make demo PYTHON=python3.12`.
export PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
# Bytecode makes every later import quick, so an environment that forbids it is overruled here.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo lab test lint bench

demo: .venv/.installed  ## Execute the tutorial in a real kernel and list its runs
	$(BIN)/aml-magics demo

lab: .venv/.installed  ## Open the tutorials in JupyterLab
	cd notebooks && ../$(BIN)/jupyter lab $(ARGS)

test: lint  ## Everything that CI runs; one file: `make test ARGS=tests/store/test_postgres_server.py`
	.ci/system-packages postgresql && $(BIN)/python -m pytest -n 2 $(ARGS)

lint: .venv/.installed-test  ## Style, types and the direction of imports
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: .venv/.installed-test  ## Measure; beside the peers with `make bench ARGS=--peers`
	$(BIN)/python -m tests.benchmarks $(ARGS)

# The stamps: the environment is made once, and again when what it is made from changes.
INSTALL = echo "Filling .venv, which takes about a minute the first time." && .ci/system-packages python && { test -x $(BIN)/pip || $(PYTHON) -m venv .venv; } && $(BIN)/python -m pip install --quiet --compile --editable
.venv/.installed: pyproject.toml labextension/package.json
	@$(INSTALL) '.' && touch $@
.venv/.installed-test: pyproject.toml labextension/package.json
	@$(INSTALL) '.[test]' && touch $@ .venv/.installed
