# The verbs a person types. Each calls scripts/, CMake, ctest or a built program; nothing is decided here.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# The PostgreSQL to build for and install into, e.g. make install PG_CONFIG=/usr/lib/postgresql/15/bin/pg_config
PG_CONFIG ?= pg_config
export PG_CONFIG
# Objects are shared between clones: paths in them are relative to the clone.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

.PHONY: help setup build demo demo-stop redshift-local redshift-local-stop test test-arm64 install lint validate \
  gateway list deploy deploy-lambdas deploy-functions diff remove release gateway-local create-package soak bench clean

help: ## List the verbs
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

setup: ## Install the Debian packages that are missing (needs root when some are)
	@scripts/setup.sh

# The engine: postgres, or redshift for the zip that Lambda runs; and for which machines of Lambda: x86_64 or arm64.
cloud ?= postgres
this_machine := $(patsubst aarch64,arm64,$(shell uname -m))
arch ?= $(this_machine)

build: setup ## Build everything, optimised, into build/release; cloud=redshift [arch=arm64]: the zips for Lambda, into dist/
	@$(or $(build_$(cloud)),$(error cloud=$(cloud) is not known: cloud=postgres or cloud=redshift))
build_postgres = scripts/build.sh release
build_redshift = scripts/build_lambda.sh $(arch)

demo: setup ## Polyfill real countries in a private PostgreSQL; table here, map in build/demo/
	@scripts/build.sh release geocell_extension geocell_sql_scripts topojson_to_tsv
	@demo/demo.sh start

demo-stop: ## Stop the demo's PostgreSQL and remove what the demo made
	@demo/demo.sh stop

redshift-local: setup ## A psql prompt in a stand-in for Redshift, with the bridge behind it; leaving it ends it
	@scripts/build.sh release geocell_sql
	@scripts/build_lambda.sh $(this_machine) >/dev/null
	@tests/redshift_local/session.sh start

redshift-local-stop: ## End the stand-in and remove what it made
	@tests/redshift_local/session.sh stop

test: build ## Run all tests: unit, golden, oracles, pg_regress, examples; unit tests again under sanitizers
	@scripts/setup.sh test
	@scripts/test.sh

test-arm64: setup ## Cross-build the arm64 zip and run it under qemu: the same bytes as this machine's, over all golden vectors
	@scripts/build_lambda.sh arm64
	@scripts/build.sh release arm64_tests
	@build/release/tests/lambda_bridge/arm64/arm64_tests

install: build ## Build and install into the PostgreSQL that PG_CONFIG names (DESTDIR is honoured)
	@cmake --install build/release --component extension

lint: build ## Check formatting (clang-format) and the sources (clang-tidy)
	@scripts/lint.sh

# The operator's program and CARTO's filters: make deploy cloud=redshift modules=quadbin functions=… diff=1 dry-run=1
# production=1 drop-schema=1 sandbox=NAME arch=arm64 version=X.Y.Z EXTRA_CLI_ARGS="--yes --via data-api". docs/redshift-admin.md.
geocell = build/release/gateway/geocell
filters = $(if $(modules),--modules $(modules)) $(if $(functions),--functions $(functions)) $(if $(filter-out 0,$(diff)),--diff) \
  $(if $(filter-out 0,$(production)),--production) $(if $(filter-out 0,$(dry-run)),--dry-run) \
  $(if $(sandbox),--sandbox $(sandbox)) $(if $(filter command,$(origin arch)),--lambda-architecture $(arch)) \
  $(if $(filter command,$(origin version)),--version $(version)) $(EXTRA_CLI_ARGS)

gateway: setup
	@test "$(cloud)" = redshift || { echo "This verb is for Redshift: add cloud=redshift (PostgreSQL: make install)" >&2; exit 1; }
	@scripts/build.sh release geocell_program
	@scripts/build_lambda.sh $(arch) >/dev/null

validate: setup ## Check the signature files in sql/functions against their schema, the core and Redshift's limits
	@scripts/build.sh release geocell_program
	@$(geocell) validate

list: setup ## List the functions
	@scripts/build.sh release geocell_program
	@$(geocell) list $(filters)

deploy: gateway ## cloud=redshift: plan, confirm, deploy Lambda and SQL functions, verify
	@$(geocell) deploy $(filters)

deploy-lambdas deploy-functions: gateway
	@$(geocell) $@ $(filters)

diff: gateway ## cloud=redshift: show what deploy would change
	@$(geocell) plan $(filters)

release: build ## version=X.Y.Z: tag the present version and open the next one (changelog, upgrade scripts)
	@scripts/release.sh $(version)

gateway-local: setup ## A shell in which geocell and psql find AWS and Redshift emulated on this machine; leaving it ends them
	@scripts/test_tools.sh
	@scripts/build.sh release geocell_program
	@scripts/build_lambda.sh $(this_machine) >/dev/null
	@tests/gateway/with_emulators.py build/release $(if $(command),bash -c '$(command)',bash)

create-package: gateway ## cloud=redshift: a zip from which an administrator installs without a compiler, into dist/
	@$(geocell) create-package dist $(filters)

remove: gateway ## cloud=redshift: remove what geocell made, and nothing else
	@$(geocell) remove $(filters) $(if $(filter-out 0,$(drop-schema)),--drop-schema)

soak: build ## A million invocations of the packaged Lambda, good and bad; about ten minutes
	@GEOCELL_SOAK_INVOCATIONS=1000000 build/release/tests/lambda_bridge/package/package_tests --gtest_filter='Soak.*'

bench: build ## Run the benchmarks, and the peers beside them; full=1 takes no samples (needs npm and PyPI the first time)
	@scripts/setup.sh bench
	@bench/run.sh $(if $(full),--full)

clean: ## Remove everything that was built (stops the demo and the stand-in)
	@demo/demo.sh stop --quiet
	@tests/redshift_local/session.sh stop
	@rm -rf build
