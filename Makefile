# Two commands do everything on a machine with Python 3.11 or newer and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# nbgrader's gradebook looks for alembic on PATH; matplotlib needs no window.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export MPLBACKEND := agg

.PHONY: demo test lint bench book clean

demo: $(VENV)/demo-ready
	$(BIN)/autograder demo

# Two workers share two cores: with threads of their own, arithmetic libraries take four times as long.
test: export OMP_NUM_THREADS := 1
test: $(VENV)/test-ready
	$(BIN)/pytest -n 2 --dist loadgroup

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

clean:
	rm -rf build

$(VENV)/demo-ready: requirements.txt requirements-student.txt constraints.txt pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/test-ready: $(VENV)/demo-ready requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@
