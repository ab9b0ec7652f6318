# Bare `make` lists the targets.

PAIR ?= eurusd
RUN ?= run
# A week of minutes.
MINUTES ?= 10080

JAVA ?= java
MVN ?= mvn
PYTHON ?= python3

# For example BENCH="--rows=20000 --rounds=1".
BENCH ?=

JAR := target/bqx-ml.jar
SOURCES := pom.xml $(shell find src/main -type f)
BQX = $(JAVA) -Xmx4g -jar $(JAR)

WAREHOUSE = $(RUN)/warehouse.duckdb
CHECKPOINTS = $(RUN)/checkpoints
OUTPUT = $(RUN)/output

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-emulators package format metadata bench bench-growth bench-jmh clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Variables of run: PAIR=$(PAIR) RUN=$(RUN) MINUTES=$(MINUTES)"
	@echo "  Options of bench and bench-growth: BENCH=--help lists them"

run: $(JAR) $(WAREHOUSE) ## Make a sample warehouse, extract, merge and verify one pair
	$(BQX) extract --warehouse=duckdb:$(WAREHOUSE) --pair=$(PAIR) --checkpoints=$(CHECKPOINTS)
	$(BQX) merge --pair=$(PAIR) --checkpoints=$(CHECKPOINTS) --output=$(OUTPUT) \
	  --expectedFeatures=6477 --expectedTargets=7
	$(BQX) verify --warehouse=duckdb:$(WAREHOUSE) --pair=$(PAIR) --output=$(OUTPUT)

test: ## Build, run all tests, and check format, lint and coverage
	$(MVN) -B -ntp verify

test-emulators: ## Run the tests against emulators of BigQuery and Cloud Storage
	emulators/run $(MVN) -B -ntp test -Dgroups=emulators -DexcludedGroups= -Djacoco.skip

package: ## Build the runnable jar, without tests
	$(MVN) -B -ntp -q package -Dmaven.test.skip=true

format: ## Format the sources
	$(MVN) -B -ntp -q spotless:apply

metadata: $(JAR) ## Write the metadata of the Flex Templates from the options
	$(JAVA) -cp $(JAR) ml.bqx.TemplateMetadataMain templates

bench: $(JAR) ## Measure our merges and extraction beside cat, Polars and DuckDB: an hour, 40 GB
	JAVA=$(JAVA) $(PYTHON) bench/bench.py $(BENCH)

bench-growth: $(JAR) ## Measure how time and memory grow with rows and columns
	JAVA=$(JAVA) $(PYTHON) bench/growth.py $(BENCH)

bench-jmh: ## Measure the hot loops: decode, gather, encode, copy
	$(MVN) -B -ntp -q -Pjmh test-compile exec:exec

clean: ## Delete target and run
	rm -rf target run

$(JAR): $(SOURCES)
	$(MVN) -B -ntp -q package -Dmaven.test.skip=true

# The jar comes first but does not make the warehouse stale: a rebuilt program keeps its sample.
$(WAREHOUSE): | $(JAR)
	@mkdir -p $(@D)
	$(BQX) sample --warehouse=duckdb:$@ --pair=$(PAIR) --minutes=$(MINUTES)
