# The commands of this project. `make` lists them; each installs what it needs into .venv first.

PORT ?= 8501
WORKERS ?= 2

# One BLAS thread: the networks here are small, and threads only cost them time.
export OPENBLAS_NUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

python := .venv/bin/python
app    := .venv/.app-installed
dev    := .venv/.dev-installed
bench  := .venv/.bench-installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench format clean

help:
	@echo "make run      start the app on http://localhost:$(PORT)  (another port: make run PORT=8600)"
	@echo "make test     run every test, those in a real browser included, in two processes (others: make test WORKERS=4)"
	@echo "make check    lint, formatting, types and import rules; the same for the JavaScript, and the tests of its pure parts"
	@echo "make bench    measure the engine beside PyTorch and JAX, and the pages beside an empty one (large downloads)"
	@echo "make format   put the code into its standard format"
	@echo "make clean    remove .venv and the caches"

run: $(app)
	@$(python) -m streamlit run app.py --server.port $(PORT)

test: $(dev)
	@$(python) -m tests.browser.chromium
	$(python) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(dev)
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	.venv/bin/lint-imports --no-logo
	$(python) -m tests.node

bench: $(bench)
	XLA_FLAGS=--xla_cpu_multi_thread_eigen=false $(python) -m benchmarks.engine
	$(python) -m benchmarks.training
	$(python) -m benchmarks.diagnostics
	$(python) -m benchmarks.live
	@$(python) -m tests.browser.chromium
	$(python) -m benchmarks.page

format: $(dev)
	$(python) -m ruff check --fix
	$(python) -m ruff format

clean:
	rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(app): requirements.txt | $(python)
	@echo "Installing what the app needs into .venv ..."
	@$(python) -m pip install --quiet -r requirements.txt
	@touch $@

$(dev): requirements.txt tests/requirements.txt | $(python)
	@echo "Installing what the app, the tests and the checks need into .venv ..."
	@$(python) -m pip install --quiet -r tests/requirements.txt
	@touch $@

$(bench): benchmarks/requirements.txt $(dev)
	@echo "Installing what the engine is compared with into .venv ..."
	@$(python) -m pip install --quiet -r benchmarks/requirements.txt
	@touch $@

# The first Python that is new enough. Debian and Ubuntu ship `venv` without its pip: say what to install.
$(python):
	@for candidate in python3 python3.13 python3.12 python3.11 python3.14; do \
	    $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    if $$candidate -c 'import ensurepip, venv' 2>/dev/null; then \
	        echo "Making .venv with $$($$candidate --version) ..."; \
	        exec $$candidate -m venv --clear .venv; \
	    fi; \
	    missing=$${missing:-$$($$candidate -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')}; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "Python cannot make virtual environments here: on Debian or Ubuntu, install the package $$missing."; \
	else \
	    echo "rnnviz needs Python 3.11 or newer, and none is on the PATH (tried python3, python3.11 to 3.14)."; \
	fi >&2; exit 1
