# Intercept Log. `make` alone prints the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

DATA   ?= var
LISTEN ?= 127.0.0.1:8080
SPEED  ?= 120
FUZZTIME ?= 30s

# Packages that start goroutines are tested under the race detector as well,
# which needs a C compiler; the binary itself is built without one. There -short
# leaves out what does much of the same on one goroutine, and SQLite's own code is
# not watched: it is translated C on memory of its own, and most of the time. What
# it locks and allocates by is watched, without which reports come that are none.
RACED  := ./cmd/... ./internal/access/... ./internal/store/... ./web/...
WATCH  := -race -short -gcflags=modernc.org/sqlite/lib=-race=false
OTHERS = $(shell go list ./... | grep -vE '^interceptlog/(cmd|internal/access|internal/store|web)(/|$$)')
# Volume and geometry do not depend on the zone: they are left to the first.
# All times are UTC whatever zone the machine is set to: tests run where the
# date is another one, and where hours are not whole.
ZONES  := UTC Pacific/Kiritimati America/St_Johns
TEMPL  := $(shell find web/view -name '*.templ')

.PHONY: help run demo build assets generate check test test-gis unit e2e soak fuzz bench golden tools clean

help: ## print the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: build ## build, load the sample into ./var, serve on 127.0.0.1:8080
	@exec bin/server serve --data $(DATA) --listen $(LISTEN) --sample

demo: build ## a made-up busy night on a new log in ./var/demo: ten hours in five minutes
	@there() { (exec 3<>"/dev/tcp/$${1%:*}/$${1##*:}") 2>/dev/null; }; \
	if there $(LISTEN); then echo 'something answers on $(LISTEN) already: end it, or give LISTEN=127.0.0.1:PORT'; exit 1; fi; \
	rm -rf $(DATA)/demo; \
	bin/server serve --data $(DATA)/demo --listen $(LISTEN) --sample & server=$$!; \
	trap 'kill $$server 2>/dev/null || true; wait $$server 2>/dev/null || true' EXIT INT TERM; \
	until there $(LISTEN); do kill -0 $$server 2>/dev/null || exit 1; sleep 0.2; done; \
	bin/server generate --data $(DATA)/demo --exercise --speed $(SPEED); \
	echo 'The server goes on until Ctrl+C.'; \
	wait $$server

build: assets ## build bin/server, one static binary
	CGO_ENABLED=0 go build -trimpath -o bin/server ./cmd/server

assets: node_modules/.stamp ## bundle scripts, styles and fonts into web/assets/dist
	go run ./web/assets/build

node_modules/.stamp: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

generate: node_modules/.stamp ## write generated code again
	go tool templ generate -log-level error
	go generate ./internal/geo/

check: assets generate ## generated files current, gofmt, vet, staticcheck, types of the browser code
	@git diff --exit-code -- '*_templ.go' internal/geo/data || { echo 'generated files were stale: commit what `make generate` wrote'; exit 1; }
	@test -z "$$(git ls-files --others --exclude-standard -- '*_templ.go')" || { echo 'generated files are not committed'; exit 1; }
	@out=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$out" || { echo "gofmt would change:"; echo "$$out"; exit 1; }
	go vet ./... ./testdata
	go tool staticcheck ./... ./testdata
	npx --no-install tsc --noEmit -p web/assets/tsconfig.json

test: unit e2e ## every test once, the browser's included

unit: tools assets ## Go tests in three time zones; those with goroutines under the race detector
	TZ=UTC go test -count=1 $(OTHERS)
	@for zone in $(filter-out UTC,$(ZONES)); do echo "TZ=$$zone go test -short"; TZ=$$zone go test -short -count=1 $(filter-out interceptlog/internal/geo%,$(OTHERS)); done
	TZ=America/St_Johns go test -count=1 $(RACED)
	TZ=Pacific/Kiritimati CGO_ENABLED=1 go test $(WATCH) -count=1 -timeout 20m $(RACED)

e2e: tools build ## browser tests in headless Chromium
	node --test --test-concurrency=1 web/e2e/

test-gis: assets ## the interface for GIS read by QGIS and OWSLib, which it installs
	@/usr/bin/python3 -c 'import qgis.core, owslib.ogcapi.features' 2>/dev/null || { \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo 'installing python3-qgis python3-owslib'; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-qgis python3-owslib >/dev/null; \
	else echo 'the tests need python3-qgis python3-owslib: apt-get install them'; exit 1; fi; }
	go test ./web -count=1 -run '^(TestQGIS|TestOWSLib)$$' -gis

# What the tests need beside Go and Node: a browser, GDAL as a real GIS client,
# a C compiler for the race detector, and time zones, without which Go would
# quietly take UTC.
tools:
	@missing=; command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v ogrinfo >/dev/null || missing="$$missing gdal-bin"; \
	command -v gcc >/dev/null || missing="$$missing gcc libc6-dev"; \
	test -e /usr/share/zoneinfo/Pacific/Kiritimati && test -e /usr/share/zoneinfo/America/St_Johns || missing="$$missing tzdata"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing$$missing"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  else echo "the tests need$$missing: apt-get install$$missing"; exit 1; fi; fi

soak: assets ## 10,000 reports by 50 clients, the server killed 100 times: none lost, none twice
	go test ./cmd/server -count=1 -v -run '^TestSoak$$' -soak.saves 10000 -soak.clients 50 -soak.kills 100 -soak.limit 5m

fuzz: ## run each fuzz target for FUZZTIME (30s)
	@for pkg in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	  echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$pkg; done; done

bench: assets ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

golden: assets ## write the golden files again; read the difference before you commit it
	go test ./internal/... ./web/... -update

clean: ## remove what was built, and the sample log
	rm -rf bin var node_modules web/assets/dist/*
