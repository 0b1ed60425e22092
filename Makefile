# The two commands are `make run` and `make test`. Everything they need is put inside this folder.

.PHONY: setup run test lint lock upgrade messages quality screenshots clean
.DEFAULT_GOAL := run

# What Python compiled is kept in here, also where the machine says not to keep it: else every command compiles a
# thousand modules anew, for some seconds, and the tests start hundreds of commands.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/bytecode

setup:
	@sh scripts/setup run

run: setup
	@exec .venv/bin/sympolis demo

test:
	@sh scripts/setup test
	@sh scripts/test

lint:
	@sh scripts/setup test
	@sh scripts/test lint

# Choose the newest versions that pyproject.toml allows and write them down with their hashes.
lock:
	@sh scripts/lock

# Backs up, takes the locked versions, migrates. `sympolis restore` with the backup it names goes back.
upgrade: setup
	@exec .venv/bin/sympolis upgrade

# Gather the words on screen into src/sympolis/locale, for translators.
messages:
	@sh scripts/setup run
	@.venv/bin/python scripts/messages.py extract

# How well matching works, on cases judged by hand. The first time texts are read for half an hour; then they are known.
quality:
	@sh scripts/setup test
	@sh scripts/quality

# The pictures in the README, taken of a demo of their own.
screenshots:
	@sh scripts/setup test
	@PLAYWRIGHT_BROWSERS_PATH="$$PWD/build/browsers" .venv/bin/python -m scripts.screenshots

clean:
	rm -rf .venv build node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
