# Needs python3 (3.11 or newer), git and make. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
export PORT HOST

.PHONY: help run test check bench clean

help:  ## what each command does
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

run: $(VENV)/installed  ## run the course on http://127.0.0.1:8000, with a worker and a demo
	@$(BIN)/python -m app serve --demo

test: $(VENV)/installed  ## run the whole test suite; says what it skipped and why
	@$(BIN)/python -m pytest -n auto

check: $(VENV)/installed-dev  ## format, lint, types, layers, course, spelling, tests: before a change lands
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m app check-course
	@$(BIN)/python -m app check-spelling
	@$(BIN)/python -m pytest -n auto

bench: $(VENV)/installed-dev  ## the benchmarks, each beside its peer in the same run
	@$(BIN)/python -m bench

clean:  ## remove what was installed; var/ with your data stays
	rm -rf $(VENV)

$(VENV)/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Haven needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
