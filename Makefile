# Needs Python 3.11 or newer, pip and make; everything else is installed into .venv, by hash.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: help run preview check test lint bench lock clean

help:
	@echo "make run      the whole pipeline; then open reports/index.html"
	@echo "make preview  the same pages at once, unrecorded"
	@echo "make check    everything that is wrong with data/"
	@echo "make test     all tests"
	@echo "make lint     the style that a machine can check"
	@echo "make bench    how fast it is, beside other programs; WRITE=--write renews docs/performance.md"
	@echo "make lock     pin the dependencies of pyproject.toml again"
	@echo "make clean    remove the installation; data and reports stay"

run preview check: $(INSTALLED)
	@$(BIN)/trochlea $@

test: $(INSTALLED)
	@$(BIN)/python -m pytest

lint: $(INSTALLED)
	@$(BIN)/ruff check

bench: $(INSTALLED)
	@$(BIN)/python -m tests.benchmarks.side_by_side $(WRITE)

# uv installs in a quarter of pip's time. pip, which is here already, installs uv.
$(BIN)/uv: bootstrap.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is too old: Python 3.11 or newer is needed. Try: make PYTHON=/path/to/python3.11"; exit 2; }
	@echo "Installing into .venv: once, a minute or so."
	@$(PYTHON) -m venv --clear --without-pip .venv
	@$(PYTHON) -m pip --python .venv/bin/python install --quiet --require-hashes --requirement bootstrap.lock
	@touch $@

# Bytecode is compiled here because PYTHONDONTWRITEBYTECODE may be set: every start would compile again.
$(INSTALLED): $(BIN)/uv requirements.lock pyproject.toml
	@$(BIN)/uv pip sync --python .venv --quiet --require-hashes --compile-bytecode requirements.lock
	@$(BIN)/uv pip install --python .venv --quiet --offline --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q flows analysis
	@touch $@

LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11

# The extra is in everybody's lock: 14 packages, 34 of 1,004 MB and 4 of 36 seconds buy one lock, and its tests in CI.
lock: $(BIN)/uv
	$(LOCK) --extra dask --group dev pyproject.toml --output-file requirements.lock
	echo uv | $(LOCK) --no-annotate - --output-file bootstrap.lock

clean:
	rm -rf .venv build *.egg-info
