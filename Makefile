# `make help` lists the targets; each is the line of a comment that starts with two hashes.
.DEFAULT_GOAL := help
CARGO ?= cargo
TENON := $(CARGO) run --quiet --package cli --bin tenon --
SUBGRAPHS := identity files integrations apps customers billing
# cargo-nextest runs the tests of all crates side by side; without it cargo's own runner does.
NEXTEST := $(shell $(CARGO) nextest --version >/dev/null 2>&1 && echo yes)

NPM := $(shell command -v npm 2>/dev/null)
# The console is built anew when one of these is newer than it.
CONSOLE_SOURCES := $(shell find web-console -type f -not -path '*/node_modules/*' -not -path '*/dist/*' \
	-not -path '*/embed/*' -not -path '*/tests/*' -not -path '*/screenshots/*' -not -name '*.generated.ts' -not -name '*.md') \
	schema/api.graphql

CLIENTS := gateway/cli/tests/clients

.PHONY: help run console test browser lint format schema keys clients clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: console ## Build what is needed and run the whole graph on http://127.0.0.1:4000
	$(CARGO) run

console: ## Build the web console, where npm is present
ifeq ($(NPM),)
	@echo "npm is missing: the gateway will show its small query page instead of the console" >&2
else
console: web-console/dist/index.html

web-console/dist/index.html: web-console/node_modules/.package-lock.json $(CONSOLE_SOURCES)
	cd web-console && npm run --silent build

web-console/node_modules/.package-lock.json: web-console/package-lock.json
	cd web-console && npm ci --silent --no-progress && touch node_modules/.package-lock.json
endif

test: console clients ## Run every test; servers that are missing are skipped loudly
ifeq ($(NEXTEST),yes)
	$(CARGO) nextest run --workspace --no-fail-fast
else
	$(CARGO) test --workspace --lib --bins --tests
endif
	$(CARGO) test --workspace --doc --quiet

browser: console ## Test the web console in headless Chromium
	$(CARGO) build --package cli
	cd web-console && TENON_BIN="$${CARGO_TARGET_DIR:-$(CURDIR)/target}/debug/tenon" npm test

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
ifeq ($(NPM),)
	@echo "npm is missing: tests with JavaScript clients will be skipped" >&2
else
clients: $(CLIENTS)/node_modules/.package-lock.json

$(CLIENTS)/node_modules/.package-lock.json: $(CLIENTS)/package-lock.json
	cd $(CLIENTS) && npm ci --silent --no-progress && touch node_modules/.package-lock.json
endif

clean: ## Remove what the build made
	$(CARGO) clean
	rm -rf web-console/dist
