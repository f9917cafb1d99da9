# make setup | demo | test | check | bench [ONLY=name]
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
ARGS ?=

.PHONY: setup console demo test check unit bench browser clean
.DEFAULT_GOAL := setup

.venv/.installed: requirements/dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

web/node_modules/.installed: web/package-lock.json .venv/.installed
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

src/goldentime/console/index.html: web/node_modules/.installed web/index.html web/vite.config.ts $(shell find web/src web/public -type f 2>/dev/null)
	cd web && npm run --silent build

setup: .venv/.installed console  ## a .venv with the goldentime command, and the built console

console: src/goldentime/console/index.html

demo: setup  ## the sample city with simulated cameras and agencies; the address and logins are printed
	$(BIN)/goldentime demo $(ARGS)

check: setup  ## format, lint, types, import contracts, unit tests: run it all the time
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run --silent check
	$(BIN)/pytest -n auto -m "not socket and not slow and not browser"

browser:
	scripts/install_browser.sh

test: check browser  ## everything: check, then what opens sockets, starts servers and drives a browser
	$(BIN)/pytest -m "(socket or slow) and not browser"
	$(BIN)/pytest tests/browser -m browser  # by itself: its Playwright keeps a loop running, in which no other async test can
	$(BIN)/pytest -m browser --ignore=tests/browser

bench: setup  ## writes bench/results.json; ONLY=first_light for one group; the names are in bench/__main__.py
	$(BIN)/python -m bench $(ONLY)

clean:
	rm -rf .venv web/node_modules src/goldentime/console build
