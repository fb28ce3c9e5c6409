# `make help` lists what can be done here.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PORT ?= 8000
DEMO := PORTAL_DATA_DIR=demo-instance PORTAL_DEMONSTRATION=yes PORTAL_BASE_URL=http://127.0.0.1:$(PORT) \
	PORTAL_CONTACT_EMAIL=vragen@jeugdhulpkiezen.example PORTAL_CONTACT_PHONE="045-555 00 00" \
	PORTAL_CONTROLLER="Jeugdregio Zuid-Limburg (fictief)"

.DEFAULT_GOAL := help
.PHONY: help demo test test-long lint format translations migration wheel clean

help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.program: pyproject.toml hatch_build.py | $(BIN)/python
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.tests: pyproject.toml hatch_build.py | $(BIN)/python
	$(BIN)/pip install --quiet --editable '.[postgres]' --group test
	touch $@ $(VENV)/.program

MESSAGES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))
%.mo: %.po $(VENV)/.program
	$(BIN)/pybabel -q compile -i $< -o $@

demo: $(VENV)/.program $(MESSAGES) ## Load the demonstration region and serve it on http://127.0.0.1:$(PORT)
	@$(DEMO) $(BIN)/portal demo load
	@$(DEMO) PORT=$(PORT) $(BIN)/portal demo serve

test: $(VENV)/.tests $(MESSAGES) ## Run what a change must pass: style, types and the whole suite
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not long" --numprocesses auto --dist loadfile

test-long: $(VENV)/.tests $(MESSAGES) ## Run the tests that take long: fuzz, faults, load
	$(BIN)/python -m pytest -m long

lint: $(VENV)/.tests ## Check style and types only
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.tests ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: $(VENV)/.tests ## Gather the interface strings and update every language's file
	$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -k N_ -k _ --ignore-dirs="$(VENV)" --no-location \
		--sort-output --omit-header -o translations/messages.pot .
	for language in $$(ls translations | grep -v messages.pot); do \
		$(BIN)/pybabel -q update -i translations/messages.pot -o translations/$$language/LC_MESSAGES/messages.po \
			-l $$language --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100; done
	rm translations/messages.pot
	$(MAKE) --no-print-directory $(MESSAGES)

migration: $(VENV)/.tests ## Draft a migration from the models: make migration NAME="what changes"
	$(BIN)/portal migration "$(NAME)"

wheel: $(VENV)/.tests ## Build the wheel
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## Remove what these targets made
	rm -rf $(VENV) demo-instance dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
