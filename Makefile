# Requires only Python (3.11 or newer) and make: each target installs what it needs into .venv.
PYTHON ?= python3
VENV   := .venv
LOWEST := .venv-lowest
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
LOWEST_PYTHON := $(LOWEST)/Scripts/python
else
BIN := $(VENV)/bin
LOWEST_PYTHON := $(LOWEST)/bin/python
endif

.DEFAULT_GOAL := help
.PHONY: help demo test test-lowest lab browser-test pictures bench check notebooks operations clean

help: ## List the targets
	@$(PYTHON) -c "import re; [print(f'make {m[1]:<14} {m[2]}') for m in re.finditer(r'(?m)^([a-z-]+):.*?## (.*)$$', open('Makefile').read())]"

demo: $(VENV)/.local ## Train and apply a model on handwritten digits, using the embedded service
	@$(BIN)/leia-nb demo

test: $(VENV)/.test ## Run all tests except the browser tests, including the notebooks
	$(BIN)/python -m pytest tests/unit tests/contract tests/acceptance leia_nb notebooks --numprocesses 3 --dist loadfile --nbval --nbval-sanitize-with notebooks/sanitize.cfg

test-lowest: $(VENV)/.dev ## Run the unit and contract tests with the lowest declared versions
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(LOWEST)
	$(BIN)/uv pip install --quiet --python $(LOWEST) --resolution lowest-direct --editable ".[test]"
	$(LOWEST_PYTHON) -m pytest tests/unit tests/contract --numprocesses 3 --dist loadfile

lab: $(VENV)/.lab ## Open the notebooks in JupyterLab
	$(BIN)/python -m jupyter lab --notebook-dir=notebooks

browser-test: $(VENV)/.browser ## Run the JupyterLab tests in Chromium; skipped if it is not installed
	$(BIN)/python -m pytest tests/browser

pictures: $(VENV)/.browser ## Update the screenshots in docs/images; requires Chromium
	$(BIN)/python -m pytest tests/browser/test_gallery.py tests/browser/test_apply.py tests/browser/test_quickstart.py
	$(PYTHON) -c "import pathlib, shutil; [shutil.copy(f'artifacts/{p.stem}-light.png', p) for p in pathlib.Path('docs/images').glob('form-*.png')]"
	$(PYTHON) -c "import shutil; shutil.copy('artifacts/quickstart.png', 'docs/images')"

bench: $(VENV)/.test ## Measure memory use and responsiveness
	$(BIN)/python -m benchmarks

check: $(VENV)/.dev ## Check formatting, lint, types, import layers and structure
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.structure

notebooks: $(VENV)/.test ## Run the notebooks and store their outputs
	$(BIN)/python notebooks/store.py

operations: $(VENV)/.test ## Regenerate docs/operations.md from recorded requests
	$(BIN)/python -m tests.contract.operations_page

clean: ## Remove the virtual environments, caches and test artifacts
	$(PYTHON) -c "import shutil; [shutil.rmtree(d, ignore_errors=True) for d in ('$(VENV)', '$(LOWEST)', 'artifacts', '.pytest_cache', '.mypy_cache', '.ruff_cache')]"

$(VENV)/.created:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'leia_nb needs Python 3.11 or newer; this is ' + sys.version.split()[0] + '. Choose another interpreter: make PYTHON=python3.12 …')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(PYTHON) -c "open('$@', 'w').close()"

$(VENV)/.local $(VENV)/.lab $(VENV)/.test $(VENV)/.browser $(VENV)/.dev: $(VENV)/.%: $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[$(if $(filter lab,$*),lab$(comma)local$(comma)ocr,$*)]"
	$(PYTHON) -c "open('$@', 'w').close()"

comma := ,
