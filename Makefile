# `make demo` and `make test` need Python 3.11 or newer and nothing else; everything they install
# goes into .venv, everything they write into .dagster and .monitoring.
PYTHON ?= python3
BIN := .venv/bin
HOME_OF_DAGSTER := $(CURDIR)/.dagster
# with DAGSTER_POSTGRES_URL set, Dagster keeps its runs and events in Postgres
STORAGE := $(if $(DAGSTER_POSTGRES_URL),postgres,sqlite)
ifdef DAGSTER_POSTGRES_URL
# Dagster's statements are psycopg2's; the plain form would take the newer driver
override DAGSTER_POSTGRES_URL := $(patsubst postgresql://%,postgresql+psycopg2://%,$(DAGSTER_POSTGRES_URL))
export DAGSTER_POSTGRES_URL
endif
export DAGSTER_HOME := $(HOME_OF_DAGSTER)
export GX_ANALYTICS_ENABLED := false

.PHONY: help setup demo ui test lint bench clean home

help:  ## Show this list.
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 10

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/.runtime: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing (once; a few minutes) ..."
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[ui]'
	@touch $@

.venv/.dev: .venv/.runtime
	$(BIN)/python -m pip install --quiet -c constraints.txt --group dev
	@touch $@

setup: .venv/.dev  ## Install everything for development.

home:
	@mkdir -p $(HOME_OF_DAGSTER)
	@cmp -s deploy/$(STORAGE)/dagster.yaml $(HOME_OF_DAGSTER)/dagster.yaml \
	  || cp deploy/$(STORAGE)/dagster.yaml $(HOME_OF_DAGSTER)/dagster.yaml

demo: .venv/.runtime home  ## Run the example models on real data and print what was found.
	@$(BIN)/python scripts/demo.py

ui: .venv/.runtime home  ## Open the Dagster UI at http://localhost:3000.
	$(BIN)/dagster dev -w workspace.yaml

test: .venv/.dev  ## Run every check and every test.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: .venv/.dev  ## Measure against peers; makes their environments in .cache.
	$(BIN)/python -m benchmarks.peers; peers=$$?; \
	  $(BIN)/python -m benchmarks.rolling && exit $$peers

clean:  ## Remove everything that the other targets made.
	rm -rf .venv .dagster .monitoring .cache
