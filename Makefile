# `make` alone says what there is. Settings of the program and of the tests are
# SWITCHBOARD_ variables: see README.md.

.DEFAULT_GOAL := help

GOLANGCI_LINT_VERSION := v2.15.0

CACHE   := $(abspath $(or $(SWITCHBOARD_CACHE),.cache))
LINT    := $(CACHE)/bin/golangci-lint-$(GOLANGCI_LINT_VERSION)
VERSION := $(or $(shell git describe --tags --always --dirty 2>/dev/null),dev)

# The pages are built when their sources, or the schema that their types come
# from, are newer than what was built. Folders count too, as they change when a file is removed.
WEB_SOURCES := $(shell find web -mindepth 1 \( -path web/node_modules -o -path web/dist -o -path web/browser -o -path web/client/generated \) -prune -o ! -name '*.go' ! -name '*.md' -print 2>/dev/null) $(wildcard graph/schema/*.graphqls)
WEB_INSTALLED := web/node_modules/.package-lock.json
SCHEMA_CHECK := graph/schema/check/node_modules/.package-lock.json
WEB_BUILT := $(if $(wildcard web/package.json),web/dist/.built)

GO_FILES = $(shell find . \( -name node_modules -o -name '.?*' \) -prune -o -name '*.go' -print)

.PHONY: bench-live bench-hostile help run build test test-faults test-browser test-mongodb screenshots check generated format vet lint imports modules schema api generate fuzz bench fmt clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: build ## serve the demo on http://127.0.0.1:8080, its data kept in ./data
	bin/switchboard serve --demo --data ./data

build: $(WEB_BUILT) ## build bin/switchboard
	go build -buildvcs=false -ldflags '-X main.version=$(VERSION)' -o bin/switchboard ./cmd/switchboard

test: build ## run every test, and say which engines were tested
	@scripts/test

test-faults: build ## break servers, sockets and the database while many work and listen
	@scripts/test-faults

test-browser: build ## drive the pages in a real browser
	@scripts/test-browser

screenshots: build ## the same, and keep the pictures in docs/screenshots
	@SWITCHBOARD_SCREENSHOTS=1 scripts/test-browser

test-mongodb: build ## run every test against MongoDB itself, three members in Docker
	@scripts/test-mongodb

check: generated format vet lint imports modules schema ## all that is checked without running the program

generated:
	@scripts/check-generated

format:
	@unformatted=$$(gofmt -l $(GO_FILES)); [ -z "$$unformatted" ] || { echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; }

vet: $(WEB_BUILT)
	go vet ./...

lint: $(WEB_BUILT) $(LINT) ## run the linters alone
	$(LINT) run ./...

imports:
	go test -count=1 -run '^TestImports' ./internal/architecture

modules:
	go mod verify
	go mod tidy -diff

schema: $(SCHEMA_CHECK) ## ask of the schema what is asked beyond being valid
	npm --prefix graph/schema/check run --silent check
	SWITCHBOARD_TEST_REQUIRE_NODE=1 go test -count=1 -run '^TestClientTools' ./graph/schema

api: $(SCHEMA_CHECK) ## write docs/api.md from the schema
	npm --prefix graph/schema/check run --silent docs

$(SCHEMA_CHECK): graph/schema/check/package.json graph/schema/check/package-lock.json
	npm --prefix graph/schema/check ci --silent --no-audit --no-fund
	@touch $@

generate: ## make the code that graph/schema asks for
	@find graph -name '*.generated.go' -exec rm {} +
	go tool gqlgen generate

fuzz: ## look for input that breaks something, a few seconds for each target
	@scripts/fuzz

bench: ## measure what the README's figures are
	go test ./internal/bench -run "^$$" -bench . -benchtime 1x -count 1

bench-live: ## measure what it costs to tell many listeners of one event
	go run -buildvcs=false ./internal/bench/live

bench-hostile: ## measure what honest people notice of hostile visitors
	go run -buildvcs=false ./internal/bench/hostile

fmt: ## format the Go code
	@gofmt -l -w $(GO_FILES)

clean: ## remove what was built; the cache and ./data stay
	rm -rf bin web/node_modules
	@find web/dist -mindepth 1 ! -name .gitkeep -delete 2>/dev/null || true

$(WEB_INSTALLED): web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "npm was not found: it builds the pages; install Node 20.19 or newer with npm" >&2; exit 1; }
	npm --prefix web ci --no-audit --no-fund
	@touch $@

web/dist/.built: $(WEB_INSTALLED) $(WEB_SOURCES)
	npm --prefix web run build
	@touch web/dist/.gitkeep $@

# The version is in the name, so that a new one is fetched when this file asks.
$(LINT):
	@echo "building golangci-lint $(GOLANGCI_LINT_VERSION), once, which takes some minutes"
	@mkdir -p $(CACHE)/bin/fetch
	GOBIN=$(CACHE)/bin/fetch go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	@mv $(CACHE)/bin/fetch/golangci-lint $@
