# `make` lists the targets. Everything is installed inside this folder: .venv, node_modules, .gateprint.

SHELL := bash
PYTHON ?= python3
UV_VERSION := 0.13.9
PTY := @cdktf/node-pty-prebuilt-multiarch

# A stamp is touched last, so that an interrupted run leaves none and the next run begins again.
PYTHON_READY := .venv/.ready
NODE_READY := node_modules/.ready
LIBRARIES_READY := .gateprint/libraries/.ready
TOOLS_READY := .gateprint/ready
SCAN_READY := .gateprint/scan/.ready
SEAM_READY := .gateprint/seam/.ready
DOCS_READY := .gateprint/docs/.ready

export CHECKPOINT_DISABLE := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

# Terraform warns at every start about a configuration file that is not there.
ifneq ($(TF_CLI_CONFIG_FILE),)
ifneq ($(shell test -e "$(TF_CLI_CONFIG_FILE)" && echo present),present)
unexport TF_CLI_CONFIG_FILE
endif
endif

# pip says several lines for each package; this leaves one line for every twentieth. Its warnings
# are shown if it fails.
EVERY_TWENTIETH = /^(Collecting|Requirement already)/ && ++n % 20 == 0 {print "  " n " packages"; fflush()} \
	/^Installing/ {print "  unpacking"; fflush()}

# Some tests wait for clocks and locks: one worker more than there are processors fills the gaps.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

OF_VERSIONS = tests/access tests/cli tests/golden tests/mistakes tests/model tests/openapi tests/review tests/stack

.PHONY: help setup demo demo-stop test check lint scan bench fuzz prove crash versions seam golden lock docs man clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(PYTHON_READY) $(NODE_READY) $(LIBRARIES_READY) ## install everything that is missing; instant when nothing is
	@.venv/bin/gateprint setup
	@mkdir -p .gateprint && touch $(TOOLS_READY)

demo: $(TOOLS_READY) ## deploy the example APIs into the embedded cloud, and serve the pets page
	.venv/bin/gateprint local start --environment local
	GATEPRINT_ENVIRONMENT=local TF_CLI_ARGS_apply=-lock-timeout=60s npx cdktf deploy account-local pets-local orders-local --auto-approve
	.venv/bin/gateprint show --environment local
	@.venv/bin/gateprint local status --environment local

demo-stop: $(TOOLS_READY) ## stop the embedded cloud
	.venv/bin/gateprint local stop --environment local

test: $(TOOLS_READY) ## run the tests
	.venv/bin/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: lint scan ## all that looks at the code without running it

lint: $(TOOLS_READY) ## formatting, types and import contracts
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

scan: $(TOOLS_READY) $(SCAN_READY) ## let checkov and zizmor look at the examples and the workflows
	.gateprint/scan/bin/zizmor --offline --no-progress --quiet .github
	.venv/bin/python -m tests.scan

bench: $(TOOLS_READY) ## measure everything beside other tools, and write docs/benchmarks.md; takes an hour or so
	.venv/bin/python -m bench --write

fuzz: $(TOOLS_READY) ## try 20,000 mutated documents; what fails is kept in .gateprint/fuzz
	.venv/bin/python -m tests.fuzz --worst
	.venv/bin/python -m tests.fuzz --documents 20000 --seed 1

prove: $(TOOLS_READY) ## compare 200,000 decisions with another IAM simulator; prove 20,000 generated blueprints
	.venv/bin/python -m tests.oracle --cases 200000 --seed 1
	PROVE_EXAMPLES=20000 .venv/bin/pytest tests/access/test_proof.py tests/access/test_language.py

crash: $(TOOLS_READY) ## kill Terraform at every step of an apply with the AWS provider, and resume
	CRASH_POINTS=all .venv/bin/pytest tests/applies/test_kills_with_aws.py

# Whatever starts neither Terraform nor a browser; in environments of their own.
versions: $(TOOLS_READY) ## run the quick tests with Python 3.12 and 3.13, as far as this machine has them
	@for version in 3.12 3.13; do \
		folder=.gateprint/versions/$$version; \
		if ! python$$version -c '' 2>/dev/null; then echo "python$$version was not found, and is left out"; continue; fi; \
		echo "installing the packages of requirements.lock into $$folder"; \
		python$$version -m venv --clear $$folder; \
		$$folder/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar off --require-hashes -r requirements.lock || exit 1; \
		$$folder/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e . || exit 1; \
		$$folder/bin/python -m pytest -q -n $(WORKERS) -m "not terraform" $(OF_VERSIONS) || exit 1; \
	done

seam: $(TOOLS_READY) $(SEAM_READY) ## synthesize all blueprints with CDKTF and with its fork, and compare
	.venv/bin/python -m tests.seam

golden: $(TOOLS_READY) ## rewrite the expected outputs that tests compare with
	GATEPRINT_GOLDEN=1 .venv/bin/pytest tests -k golden

lock: ## make requirements.lock anew from pyproject.toml
	$(PYTHON) -m venv --clear .gateprint/uv
	.gateprint/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	.gateprint/uv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	.gateprint/uv/bin/uv pip compile requirements-scan.in --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements-scan.lock
	.gateprint/uv/bin/uv pip compile requirements-seam.in --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements-seam.lock
	.gateprint/uv/bin/uv pip compile requirements-docs.in --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements-docs.lock
	.gateprint/uv/bin/uv pip compile pyproject.toml --constraint requirements.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements-run.lock
	.gateprint/uv/bin/uv pip compile requirements-lambda.in --constraints requirements.lock \
		--python-platform x86_64-manylinux_2_28 --python-version 3.12 \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements-lambda.lock
	rm -rf .gateprint/uv

docs: $(DOCS_READY) ## make the site of the documentation in .gateprint/docs/site; a link that leads nowhere fails
	@rm -rf .gateprint/docs/pages .gateprint/docs/site && mkdir -p .gateprint/docs/pages
	@cp -R *.md *.schema.json LICENSE docs blueprints .gateprint/docs/pages
	NO_MKDOCS_2_WARNING=1 .gateprint/docs/env/bin/mkdocs build --strict

man: $(PYTHON_READY) ## write the manual page, dist/gateprint.1
	@mkdir -p dist
	.venv/bin/gateprint man > dist/gateprint.1

clean: ## remove what was synthesized and cached; installed packages stay
	rm -rf cdktf.out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find bench blueprints gateprint lambdas tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(PYTHON_READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) was not found; install Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $(PYTHON) is $$($(PYTHON) -V 2>&1); Python 3.11 or newer is needed (make setup PYTHON=python3.11)"; exit 1; }
	@rm -f $@
	@.venv/bin/python -c 'import pip, sys; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null || { echo "making .venv"; $(PYTHON) -m venv --clear .venv; }
	@echo "installing the packages of requirements.lock into .venv"
	@set -o pipefail; .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off \
		--require-hashes -r requirements.lock 2>.venv/pip.log | awk '$(EVERY_TWENTIETH)' || { cat .venv/pip.log; exit 1; }
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

$(NODE_READY): package.json package-lock.json .npmrc
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "make: node and npm were not found; install Node 20 or 22"; exit 1; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "make: node is $$(node --version); Node 20 or 22 is needed"; exit 1; }
	@echo "installing the cdktf command line into node_modules"
	@npm ci --ignore-scripts --loglevel=error
	@node -e "require('$(PTY)')" 2>/dev/null || { echo "building $(PTY) for $$(node --version)"; npm rebuild $(PTY) --loglevel=error; }
	@touch $@

$(TOOLS_READY): $(PYTHON_READY) $(NODE_READY) $(LIBRARIES_READY)
	@.venv/bin/gateprint setup
	@mkdir -p .gateprint && touch $@

$(DOCS_READY): requirements-docs.lock | $(PYTHON_READY)
	@rm -f $@
	@echo "installing what makes the site, of requirements-docs.lock, into .gateprint/docs"
	@.venv/bin/python -m venv --clear .gateprint/docs/env
	@.gateprint/docs/env/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar off \
		--require-hashes -r requirements-docs.lock 2>.gateprint/docs/pip.log || { cat .gateprint/docs/pip.log; exit 1; }
	@touch $@

# What both need is that of .venv: only the fork and its bindings are installed anew.
$(SEAM_READY): requirements-seam.lock | $(PYTHON_READY)
	@rm -f $@
	@echo "installing CDKTF's fork of requirements-seam.lock into .gateprint/seam"
	@.venv/bin/python -m venv --clear .gateprint/seam
	@.gateprint/seam/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar off --no-deps --no-compile \
		--require-hashes -r requirements-seam.lock 2>.gateprint/seam/pip.log || { cat .gateprint/seam/pip.log; exit 1; }
	@.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		> $$(.gateprint/seam/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/borrowed.pth
	@touch $@

# For Lambda's system and its versions of Python, whatever this machine has.
$(LIBRARIES_READY): requirements-lambda.lock | $(PYTHON_READY)
	@rm -rf .gateprint/libraries
	@echo "fetching the packages of requirements-lambda.lock for Lambda into .gateprint/libraries"
	@mkdir -p .gateprint/libraries
	@for version in 3.12 3.13; do \
		.venv/bin/python -m pip download --quiet --disable-pip-version-check --progress-bar off --no-deps --only-binary=:all: \
			--require-hashes --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64 --python-version $$version \
			--dest .gateprint/libraries -r requirements-lambda.lock 2>.gateprint/pip.log || { cat .gateprint/pip.log; exit 1; }; \
	done
	@touch $@

# Not compiled: checkov imports a small part of what it brings.
$(SCAN_READY): requirements-scan.lock | $(PYTHON_READY)
	@rm -f $@
	@echo "installing the scanners of requirements-scan.lock into .gateprint/scan"
	@.venv/bin/python -m venv --clear .gateprint/scan
	@.gateprint/scan/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar off --no-compile --no-deps \
		--require-hashes -r requirements-scan.lock 2>.gateprint/scan/pip.log || { cat .gateprint/scan/pip.log; exit 1; }
	@touch $@
