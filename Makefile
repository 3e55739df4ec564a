# Turnabout. `make help` lists what can be done here.
#
# PYTHON  the Python to use, 3.11 or newer     make PYTHON=python3.12 demo
# VENV    where the virtual environment goes   make VENV=/opt/turnabout-venv test
# ARGS    more words for the command           make demo ARGS="--port 9000"

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet
COMPILE := compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

unexport PYTHONDONTWRITEBYTECODE # the tests start many processes: compiled once is enough

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench campaign screenshots pins clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.app ## Try it in your browser, in a Slack workspace in the box
	@$(BIN)/turnabout demo $(ARGS)

# Half as many processes again as cores: the tests of the demo page wait for the browser a lot.
test: lint ## Check everything: style, types, imports, then the tests
	@echo "Running the tests"
	@$(BIN)/python -m pytest -n $$($(BIN)/python -c "import os; print(min(8, -(-os.cpu_count() * 3 // 2)))") \
		--dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.dev ## Check style, types and who imports whom
	@echo "Checking style, types and imports"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --strict --no-error-summary
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev ## Put the code in the house style
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## Run the benchmarks, each against a baseline
	@$(BIN)/python -m bench $(ARGS)

campaign: $(VENV)/.dev ## Run the tests that are too slow for every day
	@$(BIN)/python -m pytest -m campaign $(ARGS)

screenshots: $(VENV)/.dev ## Take the pictures of the demo page in docs/images anew
	@SCREENSHOTS=docs/images $(BIN)/python -m pytest -m campaign tests/browser/test_pictures.py $(ARGS)

pins: $(VENV)/.python ## Compute the pinned versions anew (ARGS=--upgrade for newer ones)
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && echo "Computing the pins" && \
	$(PYTHON) -m venv "$$place" && "$$place/bin/python" -m pip install --quiet uv && \
	"$$place/bin/uv" pip $(COMPILE) $(ARGS) --extra build pyproject.toml -o constraints.txt && \
	"$$place/bin/uv" pip $(COMPILE) $(ARGS) --all-extras -c constraints.txt pyproject.toml -o constraints-dev.txt

clean: ## Remove the virtual environment and everything else that was made here
	@[ ! -e $(VENV)/pyvenv.cfg ] || rm -rf $(VENV)
	@rm -rf build out *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.dev: constraints-dev.txt $(VENV)/.app
	@echo "Installing the tools of the tests"
	@$(INSTALL) --require-hashes -r constraints-dev.txt
	@touch $@

$(VENV)/.app: constraints.txt pyproject.toml $(VENV)/.python
	@echo "Installing Turnabout and what it needs (about a minute)"
	@$(INSTALL) --require-hashes -r constraints.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || \
	{ echo "Turnabout needs Python 3.11 or newer, and there is no $(PYTHON) here. $(ADVICE)" >&2; exit 1; }
	@$(PYTHON) -c "$$CHECK_PYTHON" $(PYTHON)
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

ADVICE := Install one, or say which to use with make PYTHON=python3.12
define CHECK_PYTHON
import sys
if sys.version_info < (3, 11):
    found = '%s here is %d.%d' % ((sys.argv[1],) + tuple(sys.version_info[:2]))
    sys.exit('Turnabout needs Python 3.11 or newer; ' + found + '. $(ADVICE)')
try:
    import ensurepip, venv
except ImportError:
    sys.exit(sys.argv[1] + ' cannot make virtual environments: install python3-venv (on Debian and Ubuntu, with apt).')
endef
export CHECK_PYTHON
