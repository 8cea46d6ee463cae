# One line a target. Another interpreter than python3: `make demo PYTHON=python3.12`.
export PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
# Bytecode makes every later import quick, so an environment that forbids it is overruled here.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo lab test test-front test-python lint lowest front bench measures

demo: .venv/.installed-demo  ## Execute the tutorial in a real kernel and list its runs
	$(BIN)/aml-magics demo

lab: .venv/.installed-lab  ## Open the tutorials in JupyterLab
	cd notebooks && ../$(BIN)/jupyter lab $(ARGS)

# Every part runs, also after one that failed; the last line names those that failed.
test: .venv/.installed-test  ## Everything that CI runs; one file: `make test ARGS=tests/store/catalogue/test_postgres_server.py`
	@failed=; for part in lint test-front test-python; do $(MAKE) $$part || failed="$$failed $$part"; done; \
	test -z "$$failed" || { echo "make test: failed:$$failed (make each alone to see why)" >&2; exit 1; }

lint: .venv/.installed-test  ## Style, types and the direction of imports
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
	$(BIN)/python labextension/bundle/contract.py --check
	cd labextension && npx tsc --noEmit && npx eslint . && npx prettier --check .

test-front: labextension/node_modules/.installed  ## The tests of the front end
	cd labextension && npx vitest run

test-python: .venv/.installed-test tests/azurite/node_modules/.installed  ## The tests of Python, with real parts
	.ci/system-packages postgresql chromium && $(BIN)/python -m pytest -n 3 --dist worksteal --reruns 1 $(ARGS)

# A quick part of the suite that touches each dependency, without the parts that need a browser or a server.
LOWEST = tests/test_optional.py tests/test_errors.py tests/records tests/kinds tests/store/journal tests/store/tables tests/commands tests/magics/sql tests/services/data/table tests/views
lowest: aml_magics/labextension/package.json  ## The same with the oldest versions that pyproject.toml allows
	.ci/system-packages python postgresql && rm -rf .venv-lowest && $(PYTHON) -m venv .venv-lowest && .venv-lowest/bin/python -m pip install --quiet uv
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest --resolution lowest-direct --editable '.[test]'
	.venv-lowest/bin/python -m pytest --reruns 1 $(or $(ARGS),$(LOWEST))

front: labextension/node_modules/.installed  ## Build the front end again, after a change of it or of what it shows
	test ! -x $(BIN)/python || $(BIN)/python labextension/bundle/contract.py
	cd labextension && npm run -s build

bench: .venv/.installed-test tests/azurite/node_modules/.installed  ## Measure; beside the peers with `make bench ARGS=--peers`
	$(BIN)/python -m tests.benchmarks $(ARGS)

measures: .venv/.installed-test  ## List the modules without a file of tests of their own
	@$(BIN)/python -m tests.layout.untested

# The stamps: the environment is made once, and again when what it is made from changes. The front end
# is built before the package is installed, which takes what is built to where JupyterLab looks for it.
INSTALL = echo "Filling .venv, which takes about a minute the first time." && .ci/system-packages python && { test -x $(BIN)/pip || $(PYTHON) -m venv .venv; } && $(BIN)/python -m pip install --quiet --compile --editable
MADE_FROM = pyproject.toml labextension/package.json | aml_magics/labextension/package.json
.venv/.installed-%: $(MADE_FROM)
	@$(INSTALL) '.[$(EXTRAS_$*)]' && $(LINK) && touch $@ $(BROUGHT_BY_$*:%=.venv/.installed-%)
EXTRAS_demo = demo
EXTRAS_lab = demo,lab
EXTRAS_test = test
BROUGHT_BY_lab = demo
BROUGHT_BY_test = demo lab

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
