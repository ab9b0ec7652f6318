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
# 388 features.
SCALE_TABLES ?= csi_agg_*
# For example COMPARE="--methods=stream,duckdb".
COMPARE ?=

# For example CHAOS="--only=flip,kill:STREAM --seed=2".
CHAOS ?= --table=docs/reliability.md

# For example FOREIGN="spark polars".
FOREIGN ?=

# For example EXAMPLES="xgboost pytorch".
EXAMPLES ?=

# For the cloud targets. With DRY_RUN=1 they print what they would do.
PROJECT ?=
REGION ?= us-central1
DATA_BUCKET ?= $(PROJECT)-bqx-ml-data
JOBS_BUCKET ?= $(PROJECT)-bqx-ml-jobs
TEMP_BUCKET ?= $(PROJECT)-bqx-ml-temp
REPOSITORY ?= $(REGION)-docker.pkg.dev/$(PROJECT)/bqx-ml
VERSION ?= $(shell git describe --always --dirty --abbrev=12 --exclude='*' 2> /dev/null)
# Vulnerabilities of an image that stop `make image`; NONE for none.
SEVERITY ?= CRITICAL
# Of the Flex Templates' images; the digest of the tag is looked up and written to them.
TEMPLATE_BASE ?= gcr.io/dataflow-templates-base/java17-template-launcher-base:latest
# For launch-extract and launch-merge: pairs separated by commas, or all.
PAIRS ?= $(PAIR)
# beam is a Dataflow job; other methods run in the container of a Cloud Run job.
MERGE_METHOD ?= stream
# When `make schedule` has all pairs extracted and merged: minute, hour, day, month, weekday, in UTC.
SCHEDULE ?= 0 1 * * *

ifdef DRY_RUN
MAKEFLAGS += --just-print
endif

JAR := target/bqx-ml.jar
# As in the large jar's manifest. ./bqx names them, too: read from a manifest, they take code that no archive has.
OPENS := --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED
# What ./bqx starts: a small jar in front of the other, whose list of 100,000 entries a JVM reads and
# sorts before its first class. It holds the few files that each command reads; classes come from the
# archive, and everything else from the other jar. DuckDB's machine code is unpacked by each command that
# reads a warehouse, and is not compressed here. Snappy looks for a file of settings, which is empty,
# and for its version in a place before this one: what is nowhere is looked for in the large jar.
START := target/bqx.jar
START_FILES := META-INF/MANIFEST.MF simplelogger.properties ml/bqx/checkpoint/build.properties \
  libduckdb_java.so_linux_$(subst x86_64,amd64,$(subst aarch64,arm64,$(shell uname -m))) \
  org/xerial/snappy/VERSION org/xerial/snappy/native/Linux/x86_64 org/xerial/snappy/native/Linux/aarch64
# Beside java in each JDK.
JAR_TOOL = $(patsubst %java,%jar,$(JAVA))
# Classes as the JVM that made it has them in memory, for a quick start.
ARCHIVE := target/bqx-ml.jsa
# As ./bqx has it: named, so that nothing looks through the jars for it.
LOGGING := -Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider -Dslf4j.internal.verbosity=WARN
# Generators are beside the tests that hold what they generate.
GENERATE = $(MVN) -B -ntp -q test-compile exec:java -Dexec.classpathScope=test
# The same with Beam's runner for Flink; its libraries are beside it.
FLINK_JAR := target/flink/bqx-ml-worker.jar
SOURCES := pom.xml $(shell find src/main -type f)
# For the benchmark: records BigQuery's responses, and extracts from the recording.
RECORDER := target/jmh-classes/ml/bqx/ExtractRecorded.class
BQX = $(JAVA) -Xmx4g -jar $(JAR)

GCLOUD = gcloud --project=$(PROJECT)
MANIFESTS = $(patsubst deploy/%,target/deploy/%,$(wildcard deploy/bqx-ml-*.yaml))
# Methods that copy all checkpoints to temporary files have a larger job.
MERGE_JOB = bqx-ml-merge$(if $(filter beam,$(MERGE_METHOD)),-beam)$(if $(filter polars duckdb,$(MERGE_METHOD)),-large)
comma := ,
# One task per pair.
TASKS = $(if $(filter all,$(PAIRS)),28,$(words $(subst $(comma), ,$(PAIRS))))

WAREHOUSE = $(RUN)/warehouse.duckdb
CHECKPOINTS = $(RUN)/checkpoints
OUTPUT = $(RUN)/output

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-emulators test-flink test-prism package package-flink format metadata docs image sbom templates deploy \
  launch-extract launch-extract-here launch-merge launch-all schedule needs-project always bench bench-growth \
  bench-encodings bench-scale bench-pairs bench-jmh \
  chaos foreign examples cost clean test-report screenshots

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Variables of run: PAIR=$(PAIR) RUN=$(RUN) MINUTES=$(MINUTES)"
	@echo "  Variables of the cloud targets: PROJECT, REGION=$(REGION), PAIR or PAIRS, DRY_RUN=1"
	@echo "  Options of bench, bench-growth, bench-encodings, bench-pairs: BENCH=--help; of compare: COMPARE=--help"
	@echo "  Options of chaos: see the class ml.bqx.chaos.Chaos; CHAOS=--only=kill for one kind"

run: $(JAR) $(WAREHOUSE) ## Make a sample warehouse, then extract, merge, verify and report on one pair
	$(BQX) extract --warehouse=duckdb:$(WAREHOUSE) --pair=$(PAIR) --checkpoints=$(CHECKPOINTS)
	$(BQX) merge --pair=$(PAIR) --checkpoints=$(CHECKPOINTS) --output=$(OUTPUT) \
	  --expectedFeatures=6477 --expectedTargets=7
	$(BQX) verify --warehouse=duckdb:$(WAREHOUSE) --pair=$(PAIR) --output=$(OUTPUT)
	$(BQX) report --pair=$(PAIR) --checkpoints=$(CHECKPOINTS) --output=$(OUTPUT)

test: ## Compile, run all tests, check format, lint and coverage
	$(MVN) -B -ntp verify -Drunnable.phase=none

test-emulators: ## Run the tests against emulators of BigQuery and Cloud Storage
	emulators/run $(MVN) -B -ntp test -Dgroups=emulators -DexcludedGroups= -Djacoco.skip

# How often each moment at which workers are killed is tried.
test-flink: ROUNDS ?= 1
test-flink: $(FLINK_JAR) ## Run the tests on a cluster of Flink's, whose workers are killed
	emulators/run --flink $(MVN) -B -ntp test -Drounds=$(ROUNDS) -Dgroups=flink -DexcludedGroups= -Djacoco.skip

test-prism: ## Run the tests on Beam's runner Prism, which takes pipelines as Dataflow does
	emulators/run --prism $(MVN) -B -ntp test -Pprism -Dgroups=prism -DexcludedGroups= -Djacoco.skip

test-report: ## Look at the report in headless Chromium (packages chromium and chromium-driver)
	$(MVN) -B -ntp test -Dgroups=browser -DexcludedGroups= -Djacoco.skip

# After make run.
screenshots: ## Take pictures of the report of make run, also that of the README, in headless Chromium
	$(GENERATE) -Dexec.mainClass=ml.bqx.ReportScreenshots -Dexec.args="$(OUTPUT)/report_$(PAIR).html target/screenshots docs/report.webp"

package: $(ARCHIVE) ## Build the runnable jar, without tests, and the class archive that ./bqx uses

package-flink: $(FLINK_JAR) ## Build the jars that run on Flink, into target/flink

format: ## Format the sources
	$(MVN) -B -ntp -q spotless:apply

metadata: ## Generate the metadata of the Flex Templates from the options
	$(GENERATE) -Dexec.mainClass=ml.bqx.TemplateMetadataMain -Dexec.args=templates

docs: ## Generate docs/commands.md from the options
	$(GENERATE) -Dexec.mainClass=ml.bqx.CommandReferenceMain -Dexec.args=docs/commands.md

image: needs-project ## Build the images of launcher and Flex Templates with Cloud Build
	$(GCLOUD) builds submit --region=$(REGION) --config=cloudbuild.yaml --service-account=projects/$(PROJECT)/serviceAccounts/bqx-ml-builder@$(PROJECT).iam.gserviceaccount.com --gcs-source-staging-dir=gs://$(JOBS_BUCKET)/builds --substitutions=_REPOSITORY=$(REPOSITORY),_VERSION=$(VERSION),_SEVERITY=$(SEVERITY),_TEMPLATE_BASE=$(TEMPLATE_BASE) .

sbom: needs-project ## Export the list of everything in each image, when they are scanned
	$(GCLOUD) artifacts sbom export --uri=$(REPOSITORY)/launcher:$(VERSION)
	$(GCLOUD) artifacts sbom export --uri=$(REPOSITORY)/extract:$(VERSION)
	$(GCLOUD) artifacts sbom export --uri=$(REPOSITORY)/merge:$(VERSION)

templates: needs-project ## Store the Flex Templates for this version's images
	$(GCLOUD) dataflow flex-template build gs://$(JOBS_BUCKET)/templates/extract.json --image=$(REPOSITORY)/extract:$(VERSION) --sdk-language=JAVA --metadata-file=templates/extract-metadata.json
	$(GCLOUD) dataflow flex-template build gs://$(JOBS_BUCKET)/templates/merge.json --image=$(REPOSITORY)/merge:$(VERSION) --sdk-language=JAVA --metadata-file=templates/merge-metadata.json

cost: $(JAR) ## Print what the ways to run a pair in the cloud cost
	@$(JAVA) -cp $(JAR) ml.bqx.CostMain

deploy: needs-project $(MANIFESTS) ## Deploy the Cloud Run jobs and the workflow
	$(GCLOUD) run jobs replace target/deploy/bqx-ml-extract.yaml --region=$(REGION)
	$(GCLOUD) run jobs replace target/deploy/bqx-ml-extract-here.yaml --region=$(REGION)
	$(GCLOUD) run jobs replace target/deploy/bqx-ml-merge.yaml --region=$(REGION)
	$(GCLOUD) run jobs replace target/deploy/bqx-ml-merge-beam.yaml --region=$(REGION)
	$(GCLOUD) run jobs replace target/deploy/bqx-ml-merge-large.yaml --region=$(REGION)
	$(GCLOUD) workflows deploy bqx-ml --location=$(REGION) --source=deploy/workflow.yaml --service-account=bqx-ml-workflow@$(PROJECT).iam.gserviceaccount.com
	$(call MAY_RUN,bqx-ml-extract)
	$(call MAY_RUN,bqx-ml-extract-here)
	$(call MAY_RUN,bqx-ml-merge)
	$(call MAY_RUN,bqx-ml-merge-beam)
	$(call MAY_RUN,bqx-ml-merge-large)

# A job's policy: the workflow may execute it. Granting what is granted already changes nothing.
MAY_RUN = $(GCLOUD) run jobs add-iam-policy-binding $1 --region=$(REGION) --member=serviceAccount:bqx-ml-workflow@$(PROJECT).iam.gserviceaccount.com --role=roles/run.jobsExecutorWithOverrides

schedule: needs-project ## Run the workflow every night, at SCHEDULE
	$(SCHEDULER) update $(NIGHTLY) || $(SCHEDULER) create $(NIGHTLY)

SCHEDULER = $(GCLOUD) scheduler jobs
NIGHTLY = http bqx-ml-nightly --location=$(REGION) --schedule="$(SCHEDULE)" --time-zone=Etc/UTC --uri=https://workflowexecutions.googleapis.com/v1/projects/$(PROJECT)/locations/$(REGION)/workflows/bqx-ml/executions --http-method=post --message-body={} --oauth-service-account-email=bqx-ml-scheduler@$(PROJECT).iam.gserviceaccount.com

launch-extract: needs-project ## Extract PAIR or PAIRS in the cloud, with Dataflow
	$(GCLOUD) run jobs execute bqx-ml-extract --region=$(REGION) --tasks=$(TASKS) --update-env-vars='^;^PAIRS=$(PAIRS)' --wait

launch-extract-here: needs-project ## Extract PAIR or PAIRS in the cloud, in containers: cheaper
	$(GCLOUD) run jobs execute bqx-ml-extract-here --region=$(REGION) --tasks=$(TASKS) --update-env-vars='^;^PAIRS=$(PAIRS)' --wait

launch-merge: needs-project ## Merge PAIR or PAIRS in the cloud, with MERGE_METHOD
	$(GCLOUD) run jobs execute $(MERGE_JOB) --region=$(REGION) --tasks=$(TASKS) --update-env-vars='^;^PAIRS=$(PAIRS);MERGE_METHOD=$(MERGE_METHOD)' --wait

launch-all: needs-project ## Extract and merge all 28 pairs in the cloud, with MERGE_METHOD
	$(GCLOUD) workflows run bqx-ml --location=$(REGION) --data='{"merge": "$(MERGE_JOB)", "mergeMethod": "$(MERGE_METHOD)"}'

needs-project:
	$(if $(PROJECT),,$(error Set PROJECT to the id of a Google Cloud project, for example: make image PROJECT=my-project))

# Manifests with the names of this project. Always rebuilt, because the names may differ.
target/deploy/%.yaml: deploy/%.yaml always
	@mkdir -p $(@D)
	sed $(foreach name,PROJECT REGION DATA_BUCKET TEMP_BUCKET JOBS_BUCKET REPOSITORY VERSION,-e 's|$${$(name)}|$($(name))|g') $< > $@

compare: $(JAR) $(WAREHOUSE) ## Merge with every available method, and compare the results
	$(BQX) extract --warehouse=duckdb:$(WAREHOUSE) --pair=$(PAIR) --checkpoints=$(CHECKPOINTS)
	JAVA=$(JAVA) $(PYTHON) bench/compare.py --pair=$(PAIR) --checkpoints=$(CHECKPOINTS) $(COMPARE)

bench: $(ARCHIVE) $(RECORDER) ## Compare speed and memory with dd, cat, Polars and DuckDB (an hour, 40 GB)
	JAVA=$(JAVA) $(PYTHON) bench/bench.py $(BENCH)

bench-growth: $(ARCHIVE) ## Measure growth of time and memory with rows and columns
	JAVA=$(JAVA) $(PYTHON) bench/growth.py $(BENCH)

bench-encodings: $(ARCHIVE) ## Measure what compressions and float32 save, and what reading them costs
	JAVA=$(JAVA) $(PYTHON) bench/encodings.py $(BENCH)

# Five years of minutes at 400 features, in steps; and 50,000 rows at all 16,965.
bench-scale: $(ARCHIVE) ## Measure where one machine ends: rows doubled six times, and the full width (an hour, 40 GB)
	@mkdir -p target/scale/rows target/scale/full
	JAVA=$(JAVA) $(PYTHON) bench/growth.py --steps rows --rows=40625 --doublings=6 --tables='$(SCALE_TABLES)' --results=target/scale/rows $(BENCH)
	JAVA=$(JAVA) $(PYTHON) bench/growth.py --steps full --rows=50000 --results=target/scale/full $(BENCH)

bench-pairs: $(ARCHIVE) ## Measure all 28 pairs, one after the other and four at a time (a quarter of an hour, 30 GB)
	JAVA=$(JAVA) $(PYTHON) bench/pairs.py $(BENCH)

bench-jmh: ## Measure the inner loops: decode, gather, encode, copy
	$(MVN) -B -ntp -q -Pjmh test-compile exec:exec

chaos: $(JAR) ## Let thousands of accidents happen, and count those that are survived (15 minutes)
	$(MVN) -B -ntp -q test-compile exec:exec -Dexec.executable=$(JAVA) -Dexec.classpathScope=test \
	  -Dexec.args="-cp %classpath ml.bqx.chaos.Chaos $(CHAOS)"

foreign: $(JAR) ## Compare merges of what other tools write with pyarrow's join
	JAVA=$(JAVA) $(PYTHON) foreign/run $(FOREIGN)

examples: $(JAR) $(WAREHOUSE) ## Train on the sample with XGBoost, LightGBM, Polars and others
	$(BQX) extract --warehouse=duckdb:$(WAREHOUSE) --pair=$(PAIR) --checkpoints=$(CHECKPOINTS)
	JAVA=$(JAVA) $(PYTHON) examples/run $(CHECKPOINTS) $(EXAMPLES)

clean: ## Delete target and run
	rm -rf target run

$(JAR): $(SOURCES)
	$(MVN) -B -ntp -q package -Dmaven.test.skip=true

$(FLINK_JAR): $(SOURCES)
	$(MVN) -B -ntp -q -Pimages,flink package -Dmaven.test.skip=true

$(START): $(JAR)
	rm -rf target/start && mkdir -p target/start
	cd target/start && $(JAR_TOOL) --extract --file=$(CURDIR)/$(JAR) $(START_FILES)
	{ sed '/^[[:space:]]*$$/d; /^Add-Opens:/d' target/start/META-INF/MANIFEST.MF; echo 'Class-Path: bqx-ml.jar'; } > target/start.mf
	rm -r target/start/META-INF
	touch target/start/org-xerial-snappy.properties
	mkdir -p target/start/META-INF/maven/org.xerial.snappy/snappy-java
	cp target/start/org/xerial/snappy/VERSION target/start/META-INF/maven/org.xerial.snappy/snappy-java/pom.properties
	ln -sfn start/org/xerial/snappy/native/Linux/$$(uname -m) target/native
	$(JAR_TOOL) --create --no-compress --manifest=target/start.mf --file=$@ -C target/start .

$(ARCHIVE): $(START)
	$(JAVA) -XX:ArchiveClassesAtExit=$@ -Xlog:disable -Xlog:all=error:stderr $(OPENS) $(LOGGING) -cp $(CURDIR)/$(START) ml.bqx.ClassArchiveMain > $@.log 2>&1 || { cat $@.log; exit 1; }

$(RECORDER): $(JAR) $(shell find src/jmh -type f)
	$(MVN) -B -ntp -q -Pjmh test-compile
	touch $@

# The jar is built first but does not make the warehouse stale: a rebuilt program keeps its sample.
$(WAREHOUSE): | $(JAR)
	@mkdir -p $(@D)
	$(BQX) sample --warehouse=duckdb:$@ --pair=$(PAIR) --minutes=$(MINUTES)
