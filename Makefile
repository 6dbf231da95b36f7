# `make help` lists what can be made. CI calls only these targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
export SWIFT

# All tests begin at once otherwise, and what one waits for stands in line behind hundreds that have not begun.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 4

# How often the crash test kills the agent, and how many random scripts the model test plays.
OUTRIDER_CRASH_KILLS ?= 200
OUTRIDER_MODEL_SCRIPTS ?= 100000

# How long each fuzz target runs.
FUZZ_SECONDS ?= 60

RELEASE := .build/release/outrider
# The check refuses an import of what a target does not depend on, also where it happens to be built already.
BUILD_TESTS := $(SWIFT) build --build-tests --explicit-target-dependency-import-check error
SWIFT_SOURCES := Package.swift Sources Tests Fuzz/Package.swift Fuzz/Driver Fuzz/Targets \
	Benchmarks/Queries/Package.swift Benchmarks/Queries/Sources \
	Benchmarks/Compression/Package.swift Benchmarks/Compression/Sources

.PHONY: help deps components build release demo test check patterns conformance fmt test-crash test-model test-writers fuzz bench bench-compression install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

deps: ## install with apt what building needs and is missing (sudo when not root)
	@Tools/dependencies.sh build python

components: ## install with apt the programs that the tests meet for real; without apt or the right to, their tests are skipped
	@Tools/dependencies.sh components || echo "Going on without them: the tests that need them are skipped by name." >&2

build: deps ## the debug binary
	$(SWIFT) build

release: deps ## the optimised, stripped binary with the Swift runtime inside
	$(SWIFT) build -c release --static-swift-stdlib --product outrider -Xlinker -s

demo: release ## a sample service and the agent on its log; Ctrl-C stops both (DEMO_SECONDS=20: by itself)
	@exec python3 packaging/demo/demo.py --binary $(RELEASE)

test: deps components ## all tests, the long ones short
	$(BUILD_TESTS)
	$(SWIFT) test --skip-build --disable-xctest

check: deps ## formatting, imports, layers, forbidden words
	$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_SOURCES)
	python3 Tools/source_rules_test.py
	python3 Tools/embed_patterns.py --check
	$(SWIFT) package dump-package | python3 Tools/source_rules.py

patterns: ## embed rules/patterns in the sources
	python3 Tools/embed_patterns.py

conformance: release ## run Prometheus's test scripts, which lie beside the checkout, and write docs/CONFORMANCE.md
	python3 Tools/conformance.py --binary $(RELEASE)

fmt: ## format the sources in place
	$(SWIFT) format --in-place --recursive --parallel $(SWIFT_SOURCES)

test-crash: release ## kill the agent OUTRIDER_CRASH_KILLS times under a rotating log
	$(BUILD_TESTS)
	OUTRIDER_CRASH_KILLS=$(OUTRIDER_CRASH_KILLS) OUTRIDER_BINARY=$(CURDIR)/$(RELEASE) Tools/run_tests.sh 'EndToEndTests\..*Crash'

test-model: deps ## OUTRIDER_MODEL_SCRIPTS random scripts against the reference model
	$(BUILD_TESTS)
	OUTRIDER_MODEL_SCRIPTS=$(OUTRIDER_MODEL_SCRIPTS) Tools/run_tests.sh '[./]\w*Model'

test-writers: deps components ## the real writers: Python's handlers, nginx, logrotate
	$(BUILD_TESTS)
	Tools/run_tests.sh 'EndToEndTests\..*RealWriters'

fuzz: deps ## try all fuzz targets with made-up inputs for FUZZ_SECONDS each
	Tools/run_fuzzers.sh $(FUZZ_SECONDS)

BENCH_LOG ?= .build/bench/compression.log

.build/bench/compression.log:
	mkdir -p $(@D)
	python3 Benchmarks/make_log.py 512 $@

bench-compression: deps $(BENCH_LOG) ## closing a log, beside gzip and pigz; BENCH_LOG=FILE takes another one
	$(SWIFT) build -c release --static-swift-stdlib --package-path Benchmarks/Compression
	python3 Benchmarks/compression.py Benchmarks/Compression/.build/release/compress-log $(BENCH_LOG)

bench: release ## measure; BENCH_ARGS="--write docs/PERFORMANCE.md" keeps the table
	$(SWIFT) build -c release --package-path Benchmarks/Queries
	python3 Benchmarks/measure.py --binary $(RELEASE) --queries Benchmarks/Queries/.build/release/queries $(BENCH_ARGS)

install: release ## the binary under $(DESTDIR)$(PREFIX)/bin
	install -D -m 0755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/outrider

clean: ## remove what was built
	$(SWIFT) package clean
	$(SWIFT) package --package-path Fuzz clean
	$(SWIFT) package --package-path Benchmarks/Queries clean
	$(SWIFT) package --package-path Benchmarks/Compression clean
	rm -rf .build/demo .build/bench
