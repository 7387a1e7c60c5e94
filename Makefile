# `make` alone lists the commands. The program and the tests are set with
# SWITCHBOARD_ variables: see docs/operating.md and CONTRIBUTING.md.

.DEFAULT_GOAL := help

GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION := v1.9.0
CYCLONEDX_VERSION := v1.10.0

CACHE   := $(abspath $(or $(SWITCHBOARD_CACHE),.cache))
LINT    := $(CACHE)/bin/golangci-lint-$(GOLANGCI_LINT_VERSION)
VERSION := $(shell cat VERSION)$(addprefix +,$(shell git describe --always --exclude="*" --dirty 2>/dev/null))

# The pages are built when their sources, or the schema that their types come from,
# are newer than the last build. Folders count too: they change when a file is removed.
WEB_SOURCES := $(shell find web -mindepth 1 \( -path web/node_modules -o -path web/dist -o -path web/browser -o -path web/client/generated -o -path web/client/dist \) -prune -o ! -name '*.go' ! -name '*.md' -print 2>/dev/null) $(wildcard graph/schema/*.graphqls)
WEB_INSTALLED := web/node_modules/.package-lock.json
SCHEMA_CHECK := graph/schema/check/node_modules/.package-lock.json
WEB_BUILT := $(if $(wildcard web/package.json),web/dist/.built)

GO_FILES = $(shell find . \( -name node_modules -o -name '.?*' \) -prune -o -name '*.go' -print)

.PHONY: requirements build-api module release vulnerabilities bench-desk bench-distance bench-overload bench-live bench-sqlite bench-hostile bench-webhooks measure help run build test test-faults test-shifts test-offers test-browser test-mongodb test-sharded screenshots check generated format vet lint imports modules schema proxy api generate fuzz bench fmt clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: build ## build, and serve the demo on http://127.0.0.1:8080 with its data in ./data
	bin/switchboard serve --demo --data ./data

# What a machine lacks is said before anything else is begun, all of it at once.
requirements:
	@scripts/requirements $(if $(filter test test-faults test-shifts test-offers,$(MAKECMDGOALS)),test,build)

$(WEB_INSTALLED): | requirements

build: requirements $(WEB_BUILT) ## build bin/switchboard
	go build -buildvcs=false -ldflags '-X main.version=$(VERSION)' -o bin/switchboard ./cmd/switchboard

build-api: ## build bin/switchboard without the pages, which needs no Node
	@scripts/requirements api
	go build -buildvcs=false -ldflags '-X main.version=$(VERSION)' -o bin/switchboard ./cmd/switchboard

test: build ## run all tests and report which databases were tested
	@scripts/test

test-faults: build ## break servers, sockets and the database under load, and check that nothing is lost
	@scripts/test-faults

test-shifts: build ## end 1,000 shifts and answer 2,000 chats at the last moment, on four servers
	@scripts/test-shifts

test-offers: build ## race for 1,000 offers, hand off beside 200, and cut calls with many conversations
	@scripts/test-offers

test-browser: build ## test the pages in a real browser
	@scripts/test-browser

screenshots: build ## test the pages and write the pictures in docs/screenshots
	@SWITCHBOARD_SCREENSHOTS=1 scripts/test-browser

test-mongodb: build ## run all tests against MongoDB itself, three members in Docker
	@scripts/test-mongodb

test-sharded: build ## the same through a router with two shards
	@scripts/test-mongodb sharded

check: generated format vet lint imports modules schema proxy ## check generated code, format, lint, imports, modules, schema and the proxy

generated:
	@scripts/check-generated

format:
	@unformatted=$$(gofmt -l $(GO_FILES)); [ -z "$$unformatted" ] || { echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; }

vet: $(WEB_BUILT)
	go vet ./...

lint: $(WEB_BUILT) $(LINT) ## run the linters only
	$(LINT) run ./...

imports:
	go test -count=1 -run '^TestImports' ./internal/architecture

modules:
	go mod verify
	go mod tidy -diff

schema: $(SCHEMA_CHECK) ## check the schema: hygiene, breaking changes, docs/api.md
	npm --prefix graph/schema/check run --silent check
	SWITCHBOARD_TEST_REQUIRE_NODE=1 go test -count=1 -run '^TestClientTools' ./graph/schema

proxy: ## let HAProxy check deploy/haproxy.cfg, where it is installed
	@command -v haproxy >/dev/null || { echo "deploy/haproxy.cfg was not checked: haproxy was not found"; exit 0; }; haproxy -c -q -f deploy/haproxy.cfg

api: $(SCHEMA_CHECK) ## write docs/api.md from the schema
	npm --prefix graph/schema/check run --silent docs

$(SCHEMA_CHECK): graph/schema/check/package.json graph/schema/check/package-lock.json
	npm --prefix graph/schema/check ci --silent --no-audit --no-fund
	@touch $@

generate: ## generate Go code from graph/schema: the API's and the Go client's
	@find graph -name '*.generated.go' -exec rm {} +
	go tool gqlgen generate
	cd client/api && go tool genqlient

module: ## rename the Go module: make module PATH=example.com/acme/switchboard
	@/bin/sh scripts/module '$(PATH)'

release: requirements $(WEB_BUILT) ## build archives for all platforms with checksums and an SBOM, in bin/release
	@CYCLONEDX='go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(CYCLONEDX_VERSION)' scripts/release $(PLATFORMS)

# The version is pinned here, since the tool is not part of the program.
vulnerabilities: ## look for known vulnerabilities in what the program uses; needs the network
	go run golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION) ./...

fuzz: ## run each fuzz target for a few seconds
	@scripts/fuzz

bench: ## run the benchmarks of docs/performance.md beside their goals, and say what was not run
	@scripts/bench

bench-distance: ## measure verbs on hot documents with the database 0 to 60 ms away; BENCHFLAGS=-short for one round
	go test ./internal/bench -run "^$$" -bench Distance -benchtime 1x -count 1 -timeout 30m $(BENCHFLAGS)

bench-overload: ## offer one to ten times of what hot documents can take
	go test ./internal/bench -run "^$$" -bench Overload -benchtime 1x -count 1

bench-live: ## measure the delivery of one event to many subscribers
	go run -buildvcs=false ./internal/bench/live

bench-sqlite: ## measure the store in one file: each list of a small and a large one, and a commit; BENCHFLAGS=-large=1000000
	go run -buildvcs=false ./internal/bench/sqlite $(BENCHFLAGS)

bench-desk: ## measure what people with a board open cost; BENCHFLAGS='-people 20,200,1000 -rounds 5'
	go run -buildvcs=false ./internal/bench/desk $(BENCHFLAGS)

bench-hostile: ## measure honest people beside hostile visitors
	go run -buildvcs=false ./internal/bench/hostile

bench-webhooks: ## measure the way from a commit to an endpoint, idle and beside a replay; BENCHFLAGS='-records 1000000 -lasting 1m'
	go run -buildvcs=false ./internal/bench/webhooks $(BENCHFLAGS)

measure: ## print the size, names and comments of each package; MEASUREFLAGS=--json for JSON
	@go run -buildvcs=false ./internal/measure/report $(MEASUREFLAGS)

fmt: ## format the Go code
	@gofmt -l -w $(GO_FILES)

clean: ## remove built files, but not the cache and ./data
	rm -rf bin web/node_modules
	@find web/dist -mindepth 1 ! -name .gitkeep -delete 2>/dev/null || true

$(WEB_INSTALLED): web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "npm was not found: it builds the pages. Install Node 20.19 or newer with npm" >&2; exit 1; }
	npm --prefix web ci --no-audit --no-fund
	@touch $@

web/dist/.built: $(WEB_INSTALLED) $(WEB_SOURCES)
	npm --prefix web run build
	@touch web/dist/.gitkeep $@

# The version is part of the name, so that a new version is built when it changes here.
$(LINT):
	@echo "building golangci-lint $(GOLANGCI_LINT_VERSION), once, which takes a few minutes"
	@mkdir -p $(CACHE)/bin/fetch
	GOBIN=$(CACHE)/bin/fetch go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	@mv $(CACHE)/bin/fetch/golangci-lint $@
