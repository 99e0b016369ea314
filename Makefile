# `make help` lists what can be asked for. Nothing has to be installed first but Python >= 3.11, git and make.
PYTHON ?= python3
PY := .venv/bin/python
RECORDINGS ?= ../shared/data
# Sets in any order, but in the same for all workers of a run.
export PYTHONHASHSEED ?= $(shell od -An -N2 -tu2 /dev/urandom | tr -d ' ')
# What Python compiles is kept, beside what it was compiled for: the next start takes a third of the time.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/.venv/bytecode
PYTEST := $(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder
# How many examples a property is tried on: few while working, all before a change lands.
export HYPOTHESIS_PROFILE ?= brisk
# How often `make sim` kills a server that is at work, in worlds numbered from a seed on.
KILLS ?= 10000
SEED ?= 0
# What looks at some random worlds in `make test`, and at ten times as many in `make sim`.
MANY := $(shell grep -rl "import.*\(TIMES\|seeds\)$$" tests)

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check types fast fix accept bench sim recordings versions docs lock

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.ready: requirements.lock pyproject.toml scripts/setup.sh
	@PYTHON=$(PYTHON) sh scripts/setup.sh

setup: .venv/.ready ## make .venv from the hash-locked list (uv where it can be had, plain pip otherwise)

run: .venv/.ready ## the main job: the server, with five providers and their month that runs now; Ctrl-C stops it
	@.venv/bin/upheld serve --demo

demo: .venv/.ready ## the shipped agreements on the shipped month of facts, judged at once, without a server
	@.venv/bin/upheld demo

test: export HYPOTHESIS_PROFILE = steady
test: .venv/.ready check ## everything that must hold before a change lands
	@$(PYTEST) -m slow

check: .venv/.ready ## the fast suite: style, types, layers, tests, the shipped agreements
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(MAKE) --no-print-directory -j 2 types fast

# Types are looked through by one processor: meanwhile the tests begin on the other one.
types: .venv/.ready
	@.venv/bin/lint-imports --no-cache
	@$(PY) -m mypy

fast: .venv/.ready
	@$(PYTEST) -m "not slow"

fix: .venv/.ready ## what can be mended by machine
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

accept: .venv/.ready ## rewrite the expected texts in tests/cases and the README; read the diff before you commit
	@$(PY) -m pytest tests -m "accepts" --accept

bench: .venv/.ready ## the figures: ratios measured side by side in one run
	@PYTHON=$(PYTHON) sh scripts/setup.sh bench
	@$(PY) -m benchmarks

sim: .venv/.ready ## the long campaigns: properties on new examples, kills of the server (KILLS=10000), second judges
	@HYPOTHESIS_PROFILE=explore $(PYTEST) -m "not slow"
	@$(PY) -m tests.live.kills --kills $(KILLS) --seed $(SEED)
	@UPHELD_FILTERS=all $(PYTEST) tests/live/test_filters.py
	@UPHELD_TIMES=10 $(PYTEST) -m slow $(MANY)
	@UPHELD_FUZZ=5000 UPHELD_FUZZ_SEED=$(SEED) $(PYTEST) tests/live/test_fuzzed.py tests/language/test_damaged.py
	@$(PY) -m tests.judge.campaign
	@$(PY) -m tests.accounting.campaign

recordings: .venv/.ready ## real recordings, evaluated; RECORDINGS=folder that holds them
	@$(PY) -m tests.recordings $(RECORDINGS)

versions: .venv/.ready ## the fast tests under every other supported Python that is here (or VERSIONS="3.12 3.13")
	@VERSIONS="$(VERSIONS)" TESTS="$(TESTS)" sh scripts/versions.sh

docs: .venv/.ready ## generate the reference, the JSON Schemas, the pages of findings and the gallery
	@.venv/bin/python -m scripts.docs
	@.venv/bin/python -m scripts.gallery

lock: ## resolve the dependencies anew into the hash-locked lists (needs uv)
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -q pyproject.toml --extra dev -o requirements.lock
	.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -q pyproject.toml --extra dev --extra bench -o benchmarks/requirements.lock
