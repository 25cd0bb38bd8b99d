# Each target builds .venv from the lock where it is missing or older than the lock, and does its whole job.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run serve test test-all check bench docs lock clean

help:  ## what the targets do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the packages of requirements.lock in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing the packages of requirements-dev.lock in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run  ## a municipality's year: papers, mails and calendar files in kadens-data/
	@$(BIN)/kadens --today 2027-01-01 run --until 2027-12-31 --record examples/record

serve: $(VENV)/.run  ## Prefect's server and the schedules, until stopped
	@$(BIN)/kadens serve

test: check  ## checks and the fast tests; Python alone is enough
	@$(BIN)/python -m pytest -n 2 -m "not slow and not faults"

test-all: check  ## every test, also the slow ones and the faults
	@$(BIN)/python -m pytest -n 2

check: $(VENV)/.dev  ## ruff, mypy --strict, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.dev  ## us, the peer and the limit, in one run
	@$(BIN)/python -m bench

docs: $(VENV)/.dev  ## the generated parts of docs/ and README.md
	@$(BIN)/python -m docs.build

lock:  ## pins again from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra-build-system hatchling pyproject.toml -o requirements.lock

clean:  ## away with what was made
	rm -rf $(VENV) kadens-data .pytest_cache .mypy_cache .ruff_cache
