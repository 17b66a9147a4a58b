# `make help` lists the targets; each is the line of a comment that starts with two hashes.
.DEFAULT_GOAL := help
CARGO ?= cargo
TENON := $(CARGO) run --quiet --package cli --bin tenon --
SUBGRAPHS := identity files integrations apps customers billing
# cargo-nextest runs the tests of all crates side by side; without it cargo's own runner does.
NEXTEST := $(shell $(CARGO) nextest --version >/dev/null 2>&1 && echo yes)

.PHONY: help run test lint format schema keys clients clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: ## Build what is needed and run the whole graph on http://127.0.0.1:4000
	$(CARGO) run

test: clients ## Run every test; servers that are missing are skipped loudly
ifeq ($(NEXTEST),yes)
	$(CARGO) nextest run --workspace --no-fail-fast
else
	$(CARGO) test --workspace --lib --bins --tests
endif
	$(CARGO) test --workspace --doc --quiet

lint: ## Check format and lints; warnings are errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- --deny warnings

format: ## Format every crate
	$(CARGO) fmt --all

schema: ## Print the subgraphs' schemas from Rust and compose them: rewrites schema/
	@for name in $(SUBGRAPHS); do \
		$(TENON) subgraph $$name sdl > schema/subgraphs/$$name.graphql.new && \
		mv schema/subgraphs/$$name.graphql.new schema/subgraphs/$$name.graphql || exit 1; \
	done
	$(TENON) compose --config schema/tenon.yaml --out schema/supergraph.graphql --api-out schema/api.graphql

keys: ## Write the secrets that docker-compose.yml needs to .env, once
	@test ! -e .env || { echo ".env exists; remove it to make new keys" >&2; exit 1; }
	@umask 077 && $(TENON) config keys > .env && echo "wrote .env"

clients: ## Install the foreign clients that tests drive, where npm is present
	@if command -v npm >/dev/null 2>&1; then \
		cd gateway/cli/tests/clients && { test -d node_modules || npm ci --silent --no-progress; }; \
	else \
		echo "npm is missing: tests with JavaScript clients will be skipped" >&2; \
	fi

clean: ## Remove what the build made
	$(CARGO) clean
