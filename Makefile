# The targets for people. Each calls scripts/, CMake, ctest or a built program; this file contains no logic.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The PostgreSQL to build for and install into, e.g. make install PG_CONFIG=/usr/lib/postgresql/15/bin/pg_config
PG_CONFIG ?= pg_config
export PG_CONFIG
# Clones share cached objects, so the paths in them are relative to the clone.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

.PHONY: help setup build demo demo-stop redshift-local redshift-local-stop test test-arm64 test-deb extension install uninstall deb lint validate \
  gateway list deploy deploy-lambdas deploy-functions diff remove release gateway-local create-package soak bench clean

help: ## List the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 24

setup: ## Install missing Debian packages (needs root if there are any)
	@scripts/setup.sh

# The engine: postgres, or redshift for the zip that Lambda runs; and Lambda's architecture: x86_64 or arm64.
cloud ?= postgres
this_machine := $(patsubst aarch64,arm64,$(shell uname -m))
arch ?= $(this_machine)

build: setup ## Build everything, optimised, in build/release; cloud=redshift [arch=arm64]: the zips for Lambda, in dist/
	@$(or $(build_$(cloud)),$(error cloud=$(cloud) is not known: cloud=postgres or cloud=redshift))
build_postgres = scripts/build.sh release
build_redshift = scripts/build_lambda.sh $(arch)

demo: setup ## Polyfill real countries in a private PostgreSQL; print a table, write a map to build/demo/
	@scripts/build.sh release geocell_extension geocell_sql_scripts topojson_to_tsv
	@demo/demo.sh start

demo-stop: ## Stop the demo's PostgreSQL and remove the demo's files
	@demo/demo.sh stop

redshift-local: setup ## Open psql in a stand-in for Redshift, with the bridge behind it; leaving psql stops it
	@scripts/build.sh release geocell_sql
	@scripts/build_lambda.sh $(this_machine) >/dev/null
	@tests/emulators/redshift/session.sh start

redshift-local-stop: ## Stop the stand-in and remove its files
	@tests/emulators/redshift/session.sh stop

test: build ## Run all tests: unit, golden, oracles, pg_regress, examples; unit tests again under sanitizers
	@scripts/setup.sh test
	@scripts/test.sh

test-arm64: setup ## Cross-build the arm64 zip, run it under qemu, and compare its bytes with this machine's, over all golden vectors
	@scripts/build_lambda.sh arm64
	@scripts/build.sh release arm64_tests
	@build/release/tests/lambda_bridge/arm64/arm64_tests

extension: ## Build the PostgreSQL extension alone, for the PostgreSQL that PG_CONFIG names
	@scripts/setup.sh extension
	@scripts/build.sh extension

install: extension ## Build the extension and install it into the PostgreSQL that PG_CONFIG names (DESTDIR is honoured)
	@cmake --install build/extension --component extension

uninstall: ## Remove what `make install` installed there; drop the extensions in your databases first
	@scripts/uninstall.sh

deb: ## Build a Debian package of the extension, into dist/
	@scripts/setup.sh deb
	@scripts/build.sh extension
	@scripts/deb.sh

test-deb: deb ## Install, upgrade and remove that package in a Debian of its own (needs root; fetches about 100 MB)
	@scripts/setup.sh test-deb
	@tests/packaging/deb_test.sh

lint: build ## Check the formatting (clang-format) and the sources (clang-tidy); quick=1 without its slow analyzer
	@scripts/lint.py $(if $(quick),--quick)

# The operator's program and CARTO's filters: make deploy cloud=redshift modules=quadbin functions=… diff=1 dry-run=1
# production=1 drop-schema=1 sandbox=NAME arch=arm64 version=X.Y.Z EXTRA_CLI_ARGS="--yes --via data-api". docs/redshift-admin.md.
geocell = build/release/gateway/geocell
filters = $(if $(modules),--modules $(modules)) $(if $(functions),--functions $(functions)) $(if $(filter-out 0,$(diff)),--diff) \
  $(if $(filter-out 0,$(production)),--production) $(if $(filter-out 0,$(dry-run)),--dry-run) \
  $(if $(sandbox),--sandbox $(sandbox)) $(if $(filter command,$(origin arch)),--lambda-architecture $(arch)) \
  $(if $(filter command,$(origin version)),--version $(version)) $(EXTRA_CLI_ARGS)

gateway: setup
	@test "$(cloud)" = redshift || { echo "This target is for Redshift: add cloud=redshift (for PostgreSQL: make install)" >&2; exit 1; }
	@scripts/build.sh release geocell_program
	@scripts/build_lambda.sh $(arch) >/dev/null

validate: setup ## Check the signature files in sql/functions against the schema, the core and Redshift's limits
	@scripts/build.sh release geocell_program
	@$(geocell) validate

list: setup ## List the functions
	@scripts/build.sh release geocell_program
	@$(geocell) list $(filters)

deploy: gateway ## cloud=redshift: plan, confirm, deploy the Lambda and the SQL functions, verify
	@$(geocell) deploy $(filters)

deploy-lambdas deploy-functions: gateway
	@$(geocell) $@ $(filters)

diff: gateway ## cloud=redshift: show what deploy would change
	@$(geocell) plan $(filters)

release: build ## version=X.Y.Z: tag the current version and open the next one (changelog, upgrade scripts)
	@scripts/release.sh $(version)

gateway-local: setup ## Open a shell with AWS and Redshift emulated on this machine; leaving it stops them
	@scripts/test_tools.sh
	@scripts/build.sh release geocell_program
	@scripts/build_lambda.sh $(this_machine) >/dev/null
	@tests/emulators/aws/with_emulators.py build/release $(if $(command),bash -c '$(command)',bash)

create-package: gateway ## cloud=redshift: write a zip to dist/ that an administrator can install without a compiler
	@$(geocell) create-package dist $(filters)

remove: gateway ## cloud=redshift: remove what geocell made, and nothing else
	@$(geocell) remove $(filters) $(if $(filter-out 0,$(drop-schema)),--drop-schema)

soak: build ## Invoke the packaged Lambda a million times, with valid and invalid input; about ten minutes
	@GEOCELL_SOAK_INVOCATIONS=1000000 build/release/tests/lambda_bridge/package/package_tests --gtest_filter='Soak.*'

bench: build ## Run the benchmarks and the peers; full=1 without sampling (needs npm and PyPI the first time)
	@scripts/setup.sh bench
	@bench/run.sh $(if $(full),--full)

clean: ## Remove everything that was built (and stop the demo and the stand-in)
	@demo/demo.sh stop --quiet
	@tests/emulators/redshift/session.sh stop
	@rm -rf build
