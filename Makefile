# Two commands do everything on a machine with Python 3.11 or newer and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# nbgrader's gradebook looks for alembic on PATH; matplotlib needs no window.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export MPLBACKEND := agg

.PHONY: demo test test-slow test-all test-machines lint bench book requirements clean

demo: $(VENV)/demo-ready
	$(BIN)/autograder demo

# Test processes share the cores: with threads of their own, arithmetic libraries take four times as long.
# Tests start thousands of processes, and where bytecode may not be kept each of them compiles this package again.
test test-slow test-all: export OMP_NUM_THREADS := 1
test test-slow test-all: export PYTHONDONTWRITEBYTECODE :=
PYTEST := $(BIN)/pytest -n logical --dist loadgroup --no-loadscope-reorder

# In minutes; CONTRIBUTING.md lists what it leaves to the other two.
test: $(VENV)/test-ready
	$(PYTEST) -m "not slow and not thorough"

# What a push has to pass as well.
test-slow: $(VENV)/test-ready
	$(PYTEST) -m "slow and not thorough"

# Everything: these two, and what is thorough.
test-all: $(VENV)/test-ready
	$(PYTEST)

# Before a release: all answers where arithmetic rounds differently, and on a busy machine; and what the prose says of runs.
test-machines: $(VENV)/test-ready
	$(BIN)/python -m tests.machines
	$(BIN)/python -m tests.prose

lint: $(VENV)/test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/test-ready
	$(BIN)/python -m benchmarks.notebooks
	$(BIN)/python -m benchmarks.grading

book: $(VENV)/demo-ready
	$(BIN)/autograder book

# Keeps every pin that still fits; UPGRADE=--upgrade renews all, UPGRADE="--upgrade-package numpy" one.
# Each file begins as a copy of the largest: what is in several of them has one version.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command "make requirements"
requirements: $(VENV)/test-ready
	$(COMPILE) $(UPGRADE) --annotation-style line --extra dev pyproject.toml --output-file requirements-dev.txt
	cp requirements-dev.txt requirements.txt
	$(COMPILE) --annotation-style line --extra course --extra grade --extra book --extra lite --extra cluster pyproject.toml \
	    --output-file requirements.txt
	cp requirements-dev.txt requirements-student.txt
	$(COMPILE) --no-annotate --extra course pyproject.toml --output-file requirements-student.txt

clean:
	rm -rf build

$(VENV)/demo-ready: requirements.txt pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable . --config-settings editable_mode=compat
	touch $@

$(VENV)/test-ready: $(VENV)/demo-ready requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
