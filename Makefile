# Every way to work here. Bare `make` prints the targets; each sets up what it needs by itself.

.DEFAULT_GOAL := help
.PHONY: help run try programs test test-rust test-simulation test-libsql-server test-lambda test-contract test-infra test-monitoring simulate check generate bench \
  race lambda lambda-build lambda-watch deploy deploy-functions clean needs needs-python needs-java dynamodb-local github-descriptions \
  web web-dev test-web check-web screenshots web-figures needs-node needs-chromium
SHELL := /bin/bash

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
PYTHON := .tooling/venv/bin/python
WEB_INSTALLED := web/node_modules/.package-lock.json
# Python itself is a link out of the folder, whose date says nothing.
VENV := .tooling/venv/.installed
OWP := $(TARGET_DIR)/debug/owp
DYNAMODB_LOCAL := .tooling/dynamodb-local/DynamoDBLocal.jar
GITHUB_DESCRIPTIONS := .tooling/github/.brought-23.0.2-7.6.1
# The machine's own where it has one.
PROMTOOL := $(or $(shell command -v promtool),.tooling/prometheus/usr/bin/promtool)
NODE_IS_NEW := node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
URL := $(or $(OWP_SERVER),http://127.0.0.1:$(or $(OWP_PORT),8787))

help: ## print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: needs ## start the server and its dashboard on http://127.0.0.1:8787, with the database in ./data
	@echo "building; the first time takes some minutes"
	@if $(NODE_IS_NEW); then $(MAKE) --no-print-directory web; \
	  else echo "the dashboard is left out: it is built with Node.js 20.19 or later, from https://nodejs.org"; fi
	@cargo build --quiet -p owp-server -p owp
	@exec $(TARGET_DIR)/debug/owp-server

try: needs ## with `make run` in another terminal: put the example tasks in and lease one
	@cargo build --quiet -p owp-server -p owp
	@OWP=$(OWP) OWP_SERVER=$(URL) examples/try.sh

test: test-rust test-simulation test-contract test-infra test-monitoring test-web ## run every test

# Every test starts programs of one build. Building one of them by itself would choose other features of what they are made
# of, and compile it all once more.
programs: needs web
	cargo test --quiet --workspace --no-run

test-rust: programs dynamodb-local github-descriptions
	cargo test --quiet --workspace

# The rules alone, over memory, optimized with every check left in.
SIMULATE := cargo test --quiet --profile simulation -p owp-store --no-default-features --test simulation

test-simulation: needs
	STEPS=10_000_000 $(SIMULATE)

simulate: needs ## live through random pools for longer: make simulate SEED=7 STEPS=50_000_000
	SEED=$(or $(SEED),1) STEPS=$(or $(STEPS),10_000_000) $(SIMULATE) no_rule_is_ever_broken -- --nocapture

test-libsql-server: needs ## run the store's cases over the libSQL server that OWP_TEST_LIBSQL_URL names; empties it
	@test -n "$(OWP_TEST_LIBSQL_URL)" || { echo "name a libSQL server that nothing else uses: make $@ OWP_TEST_LIBSQL_URL=http://127.0.0.1:8080" >&2; exit 1; }
	OWP_TEST_LIBSQL_URL=$(OWP_TEST_LIBSQL_URL) cargo test --quiet -p owp-store --features test-libsql-server --test conformance libsql_

# With one seed, so that a change passes or fails for what is in it.
test-contract: programs $(VENV) ## send what the contract allows and forbids; other requests with make test-contract SEED=7
	$(PYTHON) protocol/check_server.py $(TARGET_DIR)/debug/owp-server --seed $(or $(SEED),1) --max-examples 40 --continue-on-failure

# The deployment against the contract; no account is asked.
test-infra: $(VENV)
	.tooling/venv/bin/cfn-lint infra/template.yaml
	$(PYTHON) infra/test_template.py

# The alarms and the dashboard against the metrics of a running server.
test-monitoring: programs $(VENV) $(PROMTOOL)
	$(PYTHON) infra/test_monitoring.py $(TARGET_DIR)/debug/owp-server $(PROMTOOL)

check: needs check-web ## check format, lints, generated files and the repository's own rules
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets --features owp-functions/mains -- -D warnings
	cargo clippy --quiet -p owp-store --test simulation -- -D warnings
	cargo test --quiet -p owp-protocol

generate: needs $(WEB_INSTALLED) ## make every generated file from protocol/openapi.yaml
	UPDATE=1 cargo test --quiet -p owp-protocol --test generated
	cd web && npm run --silent generate

bench: needs ## measure a release server against the goals; BENCH='--quick' for a minute's look
	cargo build --quiet --release -p owp-server -p owp-bench
	$(TARGET_DIR)/release/owp-bench $(BENCH)

RACE_ROUNDS := $(or $(ROUNDS),1000)

race: needs dynamodb-local ## let 64 workers race for one task on the server and on every store: make race ROUNDS=10000
	cargo build --quiet --release -p owp-server -p owp-bench
	$(TARGET_DIR)/release/owp-bench --only race --race-rounds $(RACE_ROUNDS)
	RACE_ROUNDS=$(RACE_ROUNDS) cargo test --quiet --profile simulation -p owp-store --features dynamodb --test conformance one_of_many

# ---- Lambda ----

CARGO_LAMBDA := PATH="$(CURDIR)/.tooling/venv/bin:$$PATH" cargo lambda
LAMBDA_FEATURES := $(if $(FEATURES),--no-default-features) --features mains,$(FEATURES)
LAMBDA_BUILD := $(CARGO_LAMBDA) build --profile lambda -p owp-functions --lambda-dir target/lambda

lambda: needs .tooling/cargo-lambda ## build every function and measure size, start and call; FUNCTION=fetch-work for one
	@$(LAMBDA_BUILD) --compiler cargo $(LAMBDA_FEATURES) $(if $(FUNCTION),--bin $(FUNCTION))
	@$(PYTHON) functions/measure.py target/lambda $(FUNCTION)

lambda-watch: needs .tooling/cargo-lambda ## serve every function on http://127.0.0.1:9000 through the Lambda runtime API
	@: $${OWP_ADMIN_TOKEN:?set it to a token of 16 characters or more} $${OWP_JWT_SECRET:?set it to 32 characters or more}
	@cargo build --quiet -p owp-functions --bins $(LAMBDA_FEATURES) && mkdir -p data
	@OWP_DB_PATH="$${OWP_DB_PATH:-$(CURDIR)/data/lambda.db}" $(CARGO_LAMBDA) watch -p owp-functions --ignore-changes \
	  -A 127.0.0.1 -P $(or $(PORT),9000) $(LAMBDA_FEATURES)

test-lambda: needs dynamodb-local .tooling/cargo-lambda ## run the end-to-end test against every function, on DynamoDB Local
	cargo build --quiet -p owp-server -p owp
	cargo test --quiet -p owp-server --test end_to_end --no-run
	cargo build --quiet -p owp-functions --bins --no-default-features --features mains,dynamodb
	PATH="$(CURDIR)/.tooling/venv/bin:$$PATH" functions/test_lambda.sh $(DYNAMODB_LOCAL) $(TARGET_DIR)

deploy: needs .tooling/cargo-lambda ## build for AWS and apply infra/template.yaml; STACK=owp-pool REGION=us-east-1
	@CARGO_LAMBDA='$(CARGO_LAMBDA)' infra/deploy.sh stack

deploy-functions: needs .tooling/cargo-lambda ## bring only the code of a function to AWS: FUNCTION=fetch-work, or all
	@CARGO_LAMBDA='$(CARGO_LAMBDA)' infra/deploy.sh functions $(FUNCTION)

.tooling/cargo-lambda: functions/requirements.txt $(VENV)
	@.tooling/venv/bin/pip install --quiet --disable-pip-version-check -r functions/requirements.txt
	@touch $@

clean: ## remove what was built and installed here, but not ./data
	cargo clean
	rm -rf .tooling web/node_modules web/*/dist

# What can't be brought by cargo or pip must be on the machine. As root on a Debian it is installed, elsewhere named.
define install
	command -v $(1) >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq $(2) >/dev/null; } \
	  || { echo "missing: $(1); install it with your system's package manager ($(2) on Debian) and try again" >&2; exit 1; }
endef

needs:
	@command -v cargo >/dev/null || { echo "missing: cargo 1.95 or later; get it from https://rustup.rs" >&2; exit 1; }
	@$(call install,cc,build-essential)
	@$(call install,git,git)

needs-python:
	@$(call install,python3,python3 python3-venv)

needs-java:
	@$(call install,java,default-jre-headless)

dynamodb-local: needs-java $(DYNAMODB_LOCAL) ## bring the emulator that the tests of the DynamoDB store start

# Out of Debian's package, without installing that: it would start a service.
.tooling/prometheus/usr/bin/promtool:
	@mkdir -p .tooling/prometheus && cd .tooling/prometheus && { command -v apt-get >/dev/null \
	  && { apt-get download -qq prometheus 2>/dev/null \
	    || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get download -qq prometheus 2>/dev/null; }; } \
	  && dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool && rm prometheus_*.deb; } \
	  || { echo "missing: promtool; install it with your system's package manager (prometheus on Debian) and try again" >&2; exit 1; }

# The official emulator, as this package carries it.
$(DYNAMODB_LOCAL):
	@$(call install,npm,npm)
	@rm -rf .tooling/dynamodb-local .tooling/simulator && mkdir -p .tooling/simulator
	@cd .tooling/simulator && npm pack --silent amplify-dynamodb-simulator@2.9.30 >/dev/null \
	  && tar -xzf amplify-dynamodb-simulator-*.tgz package/emulator
	@mv .tooling/simulator/package/emulator .tooling/dynamodb-local && rm -rf .tooling/simulator

github-descriptions: $(GITHUB_DESCRIPTIONS) ## bring GitHub's own description of its API and webhooks, which tests hold us to

# The versions are in the name, so that another one is brought anew. Of the description only that of github.com is kept.
$(GITHUB_DESCRIPTIONS):
	@$(call install,npm,npm)
	@rm -rf .tooling/github && mkdir -p .tooling/github/packed
	@cd .tooling/github/packed && npm pack --silent @octokit/openapi@23.0.2 @octokit/webhooks-examples@7.6.1 >/dev/null \
	  && tar -xzf octokit-openapi-*.tgz package/generated/api.github.com.json \
	  && tar -xzf octokit-webhooks-examples-*.tgz
	@cd .tooling/github && mv packed/package/generated/api.github.com.json . && rm -rf packed/package/generated \
	  && mv packed/package webhooks && rm -rf packed
	@touch $@

$(VENV): protocol/requirements.txt infra/requirements.txt | needs-python
	@rm -rf .tooling/venv && mkdir -p .tooling
	@python3 -m venv .tooling/venv 2>/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && python3 -m venv .tooling/venv; } \
	  || { echo "missing: python3's venv module (python3-venv on Debian)" >&2; exit 1; }
	@.tooling/venv/bin/pip install --quiet --disable-pip-version-check -r protocol/requirements.txt \
	  -r infra/requirements.txt
	@touch $(VENV)

# ---- the dashboard and the Obsidian plugin ----

DASHBOARD := web/dashboard/dist/index.html
PLUGIN := web/obsidian-plugin/dist/main.js
WEB_SOURCES := $(shell find web/*/src web/dashboard/index.html web/*/*.ts web/*/*.js web/obsidian-plugin/manifest.json -type f 2>/dev/null)
# Browsers and the dashboard's servers are told where what was found is.
WEB_TEST := NO_COLOR=1 CHROMIUM="$$(command -v chromium)" OWP_SERVER_BIN="$(abspath $(TARGET_DIR))/debug/owp-server"

web: $(DASHBOARD) $(PLUGIN) ## build the dashboard, which the next build of the server takes in, and the Obsidian plugin, to web/*/dist

$(DASHBOARD) $(PLUGIN) &: $(WEB_INSTALLED) $(WEB_SOURCES)
	@cd web && npm run --silent build >/dev/null
	@touch $(DASHBOARD) $(PLUGIN)

web-dev: $(WEB_INSTALLED) ## serve the dashboard on http://127.0.0.1:5173 as it is edited, against `make run`; /#/styleguide shows its parts
	@cd web && OWP_SERVER=$(URL) npm run --silent dev -w dashboard

test-web: programs needs-chromium ## test the client, the dashboard and the Obsidian plugin, in a browser against the real server
	cd web && npm run --silent types && $(WEB_TEST) npm run --silent test

check-web: $(WEB_INSTALLED)
	cd web && npm run --silent lint

screenshots: programs needs-chromium ## take pictures of every view in both themes and several widths, to web/*/screenshots
	cd web && $(WEB_TEST) npm run --silent screenshots

$(WEB_INSTALLED): web/package-lock.json web/package.json $(wildcard web/*/package.json) | needs-node
	@cd web && npm ci --silent
	@touch $@

web-figures: needs web needs-chromium ## measure the dashboard against its goals: the first view, a key in 5,000 tasks, the size of the script
	cargo build --quiet -p owp-server
	cd web && $(WEB_TEST) npm run --silent figures

needs-node:
	@$(call install,node,nodejs npm)
	@$(call install,npm,npm)
	@$(NODE_IS_NEW) \
	  || { echo "node is $$(node --version); the dashboard is built with 20.19 or later: https://nodejs.org" >&2; exit 1; }

needs-chromium:
	@$(call install,chromium,chromium fonts-inter)
