# Each target builds .venv from the lock where it is missing, broken or older than the lock, and does its whole job.
# It needs Python 3.11 or later and make, nothing else. Another Python:  make run PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
YEAR := $(BIN)/python -m governance --today 2027-01-01 run --until 2027-12-31 --record examples/record
UV_PINS := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras
# pip before 24 takes a name with extras and the same name without for two things, and wants both pinned.
BOTH_FORMS := awk '/^[^ ]*\[/ {print; bare = $$0; sub(/\[[^]]*\]/, "", bare); next} \
  bare && /^ / {print; bare = bare "\n" $$0; next} bare {print bare; bare = ""} {print} END {if (bare) print bare}'

# An environment whose Python has gone, or that was moved with its clone, finds no kadens here and is made anew.
FOUND := $(shell $(BIN)/python -I -c "import governance; print(governance.__path__[0])" 2>/dev/null)
ifneq ($(realpath $(FOUND)),$(realpath governance))
BROKEN := always
endif

.DEFAULT_GOAL := help
.PHONY: help run pages serve test test-slow test-all check bench docs lock clean always

help:  ## what the targets do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.lock pyproject.toml $(BROKEN)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("kadens needs Python 3.11 or later; try: make PYTHON=python3.12")'
	@test -x $(BIN)/python -a -z "$(BROKEN)" || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "No environment could be made; on Debian and Ubuntu: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }
	@echo "Installing the packages of requirements.lock in $(VENV) (once, about half a minute) ..."
	@$(PIP) --no-deps --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@said=$$($(BIN)/python -m pip --disable-pip-version-check check) || { echo "$$said" >&2; exit 1; }
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing the packages of requirements-dev.lock in $(VENV) ..."
	@$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run  ## a municipality's year 2027: papers, mails and calendar files in kadens-data/
	@$(YEAR)

pages: $(VENV)/.run  ## the example's pages as they stood on 20 May 2027, in kadens-data/maj/, until stopped
	@$(BIN)/python -m governance --today 2027-01-01 --data kadens-data/maj run --until 2027-05-20 --record examples/record --no-prefect >/dev/null
	@$(BIN)/python -m governance --today 2027-05-20 --data kadens-data/maj serve --web-only

serve: $(VENV)/.run  ## the pages, Prefect's server and the schedules, until stopped
	@$(BIN)/python -m governance serve

test: check  ## the checks, then the fast tests; Python alone is enough
	@$(BIN)/python -m pytest -n 2 -m "not slow and not faults and not browser"

test-slow: $(VENV)/.dev  ## the tests that `make test` leaves out: slow ones, kills, full disks, a browser
	@$(BIN)/python -m pytest -n 2 -m "slow or faults or browser"

test-all: test test-slow  ## every test

check: $(VENV)/.dev  ## ruff, mypy --strict, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.dev  ## us, the peer and the limit, in one run
	@$(BIN)/python -m bench

docs: $(VENV)/.dev  ## the generated parts of README.md and docs/; pictures too where LibreOffice is installed
	@$(BIN)/python -m docs.build
	@$(BIN)/python -m docs.screens

lock:  ## pins again from pyproject.toml, keeping those that still fit; all anew: make lock UPGRADE=--upgrade
	@rm -rf build/lock && $(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check --quiet install uv
	@printf 'hatchling>=1.27\neditables\n' | \
	  build/lock/bin/uv $(UV_PINS) $(UPGRADE) pyproject.toml - --output-file requirements.lock >/dev/null
	@build/lock/bin/uv $(UV_PINS) $(UPGRADE) pyproject.toml --group dev --constraints requirements.lock \
	  --output-file requirements-dev.lock >/dev/null
	@for lock in requirements.lock requirements-dev.lock; do \
	  $(BOTH_FORMS) $$lock > build/lock/both && cp build/lock/both $$lock || exit 1; done
	@rm -rf build/lock
	@git diff --stat -- requirements.lock requirements-dev.lock

clean:  ## away with what was made: the environment, kadens-data/ and the caches
	rm -rf $(VENV) kadens-data build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
