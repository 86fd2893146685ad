# Needs only Python (3.11 or newer) and make: every target makes what it needs in .venv.
PYTHON ?= python3
VENV   := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

.DEFAULT_GOAL := help
.PHONY: help demo test lab browser-test pictures bench check notebooks operations clean

help: ## Say what each target does
	@$(PYTHON) -c "import re; [print(f'make {m[1]:<14} {m[2]}') for m in re.finditer(r'(?m)^([a-z-]+):.*?## (.*)$$', open('Makefile').read())]"

demo: $(VENV)/.local ## Train and apply a model on handwritten digits, with the embedded service
	@$(BIN)/leia-nb demo

test: $(VENV)/.test ## All tests that need no browser, the notebooks too
	$(BIN)/python -m pytest tests/unit tests/contract tests/acceptance leia_nb notebooks --numprocesses 3 --dist loadfile --nbval --nbval-sanitize-with notebooks/sanitize.cfg

lab: $(VENV)/.lab ## Open the notebooks in JupyterLab
	$(BIN)/python -m jupyter lab --notebook-dir=notebooks

browser-test: $(VENV)/.test ## The tests in JupyterLab in a real Chromium; skipped where there is none
	$(BIN)/python -m pytest tests/browser

pictures: $(VENV)/.test ## Take the pictures in docs/images again; needs a Chromium
	$(BIN)/python -m pytest tests/browser/test_gallery.py tests/browser/test_apply.py tests/browser/test_quickstart.py
	$(PYTHON) -c "import pathlib, shutil; [shutil.copy(f'artifacts/{p.stem}-light.png', p) for p in pathlib.Path('docs/images').glob('form-*.png')]"
	$(PYTHON) -c "import shutil; shutil.copy('artifacts/quickstart.png', 'docs/images')"

bench: $(VENV)/.test ## Measure memory and speed, as ratios
	$(BIN)/python -m benchmarks

check: $(VENV)/.dev ## Format, lint, types and floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

notebooks: $(VENV)/.test ## Run the notebooks again and store their outputs
	$(BIN)/python notebooks/store.py

operations: $(VENV)/.test ## Write docs/operations.md anew, from what a test sees on the wire
	$(BIN)/python -m tests.contract.operations_page

clean: ## Throw .venv and what the tests left away
	$(PYTHON) -c "import shutil; [shutil.rmtree(d, ignore_errors=True) for d in ('$(VENV)', 'artifacts', '.pytest_cache', '.mypy_cache', '.ruff_cache')]"

$(VENV)/.made:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'leia_nb needs Python 3.11 or newer; this is ' + sys.version.split()[0] + '. Name another one: make PYTHON=python3.12 …')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(PYTHON) -c "open('$@', 'w').close()"

$(VENV)/.local $(VENV)/.lab $(VENV)/.test $(VENV)/.dev: $(VENV)/.%: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[$(if $(filter lab,$*),lab$(comma)local$(comma)ocr,$*)]"
	$(PYTHON) -c "open('$@', 'w').close()"

comma := ,
