# Hedui 核对. `make run` and `make test` do everything, set-up included. Run `make` for the list.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
HEDUI := $(PY) -m pipelines.cli
MONTH ?= 2026-10
HOME_DIR ?= var
CITY := $(HOME_DIR)/city
export PYTHONPATH := $(CURDIR)
export GX_ANALYTICS_ENABLED := False
export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED := False
export SCARF_ANALYTICS := false
export DO_NOT_TRACK := 1

.PHONY: help setup run web test check fmt clean city

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

setup: $(VENV)/.locked ## create .venv and install the lock into it

$(VENV)/.locked: requirements.lock pyproject.toml
	@bash .ci/setup

city: setup ## build the demo city's deliveries and truth
	@test -d $(CITY)/inbox || $(HEDUI) simulate --profile district --month $(MONTH) --out $(CITY)

run: city ## run the demo city's month in real Airflow and print what it found
	@$(HEDUI) airflow run --month $(MONTH) --inbox $(CITY)/inbox --home $(HOME_DIR) --jurisdiction demo
	@$(HEDUI) score --month $(MONTH) --truth $(CITY)/truth --home $(HOME_DIR) --jurisdiction demo

web: setup ## the review site on this machine, with demo accounts printed
	@$(HEDUI) web demo-accounts --home $(HOME_DIR) --jurisdiction demo
	@$(HEDUI) web --home $(HOME_DIR) --jurisdiction demo

test: setup ## all tests; installs the browser and PostgreSQL they need when it may
	@bash .ci/tools
	@$(PY) -m pytest -n 2 --dist loadgroup

check: setup ## format, lint, types, layers: what pre-commit and CI hold
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy --strict pipelines
	@$(VENV)/bin/lint-imports

fmt: setup ## format the code
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .

clean: ## remove what runs made (not .venv)
	@rm -rf $(HOME_DIR) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
