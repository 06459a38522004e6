# Every target sets up what it needs, with nothing installed but Python 3.11 or newer and make. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test test-fast test-slow test-campaign test-containers test-torch test-all extension test-extension lab lint types format bench lock knowledge goldens clean

# Nothing here phones home, and bytecode is written even where the shell forbids it (imports are several times slower without).
export GX_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export MLFLOW_DISABLE_TELEMETRY := true
export PYTHONDONTWRITEBYTECODE :=

ENVIRONMENT = @python=$$(sh requirements/find-python.sh) && "$$python" requirements/install.py
BIN = .venv/bin/
PYTEST = $(BIN)python -m pytest
PARALLEL = --numprocesses auto --dist loadfile
LINKED = .venv/share/jupyter/labextensions/jupyter-mlops
BUILT = jupyter_mlops/_labextension/package.json
EXAMPLE = example_notebooks/01_tabular.ipynb

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo:  ## compile the first example notebook and run it here, end to end (first time: half a minute of set-up)
	$(ENVIRONMENT) demo
	.venv-demo/bin/nb2pipe check $(EXAMPLE)
	.venv-demo/bin/nb2pipe graph $(EXAMPLE)
	.venv-demo/bin/nb2pipe compile $(EXAMPLE) -o build/demo/01_tabular.yaml
	.venv-demo/bin/nb2pipe run $(EXAMPLE)

test: lint types extension test-extension  ## lint, types and every test but campaigns, containers and PyTorch
	$(PYTEST) $(PARALLEL) -m "not campaign and not containers and not torch"

extension: env-dev $(BUILT)  ## build the JupyterLab extension and link it into the environment (needs Node 20 and npm)
	@rm -rf $(LINKED) && mkdir -p $(dir $(LINKED)) && ln -s "$(CURDIR)/jupyter_mlops/_labextension" $(LINKED)

test-extension: labextension/node_modules/.package-lock.json  ## types, style and unit tests of the TypeScript half
	cd labextension && npm run --silent types -- --check && npx tsc --noEmit && npm run --silent lint && npm run --silent test

lab: extension  ## open JupyterLab with the extension and the examples
	$(BIN)jupyter lab --notebook-dir example_notebooks

$(BUILT): labextension/node_modules/.package-lock.json $(shell find labextension/src labextension/style labextension/schema labextension/package.json labextension/tsconfig.json -type f)
	cd labextension && PATH="$(CURDIR)/.venv/bin:$$PATH" npm run --silent build

labextension/node_modules/.package-lock.json: labextension/package-lock.json
	cd labextension && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json

test-fast: env-dev  ## only the quick tests
	$(PYTEST) $(PARALLEL) -m "not slow and not campaign and not containers and not torch"

test-slow: env-dev  ## only the slow tests
	$(PYTEST) $(PARALLEL) -m "slow and not campaign and not containers and not torch"

test-campaign: env-dev  ## random programs by the thousand, the standard library as notebooks (half an hour and more)
	$(PYTEST) $(PARALLEL) -o faulthandler_timeout=3600 -m campaign

test-containers: env-dev  ## the examples' steps as real containers without network (needs podman and debootstrap, see CONTRIBUTING)
	$(PYTEST) -m containers

test-torch:  ## the PyTorch serializer, in its own environment
	$(ENVIRONMENT) torch
	.venv-torch/bin/python -m pytest -m torch tests/runtime/test_models.py

test-all: test test-containers test-torch  ## everything

lint: env-dev  ## ruff, and who may import whom
	$(BIN)ruff check
	$(BIN)ruff format --check
	$(BIN)lint-imports

types: env-dev  ## mypy, strict
	$(BIN)mypy

format: env-dev  ## let ruff fix and format
	$(BIN)ruff check --fix
	$(BIN)ruff format

bench: env-dev  ## CPU seconds against the bare interpreter, the KFP SDK, Kale and marimo; overhead and throughput (several minutes)
	$(ENVIRONMENT) kale
	$(ENVIRONMENT) marimo
	$(BIN)python -m benchmarks

lock: env-dev  ## resolve the requirements again, under requirements/constraints.txt
	$(BIN)python requirements/lock.py

knowledge: env-dev  ## probe the installed libraries again: what their calls change, share and return
	PYTHONPATH=tests/analysis $(BIN)python -m knowledge

goldens: env-dev  ## rewrite the golden files of the tests; review the difference like code
	$(PYTEST) -m "not slow and not campaign and not containers and not torch" --update-goldens

clean:  ## remove everything that make made
	rm -rf build dist .venv .venv-demo .venv-kale .venv-marimo .venv-torch .nb2pipe .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: env-dev
env-dev:
	$(ENVIRONMENT) dev
