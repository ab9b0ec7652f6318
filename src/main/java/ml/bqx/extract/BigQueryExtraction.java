package ml.bqx.extract;

import com.google.common.collect.Iterables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.bqx.checkpoint.CheckpointCommit;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CommittedSpine;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.cli.ErrorReport;
import ml.bqx.cli.PipelineProgress;
import ml.bqx.cli.Summary;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.Listing;
import ml.bqx.options.ExtractConfig;
import ml.bqx.options.ExtractOptions;
import ml.bqx.options.Wave;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.storage.Storage;
import ml.bqx.storage.TemporaryFiles;
import ml.bqx.warehouse.bigquery.BigQueryPlan;
import ml.bqx.warehouse.bigquery.BigQueryTable;
import ml.bqx.warehouse.bigquery.BigQueryWarehouse;
import ml.bqx.warehouse.bigquery.ReadEstimate;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;

/**
 * Extracts a pair from BigQuery: the targets on this machine, as they are small and everything else
 * hangs on them, then wave after wave on the chosen runner.
 */
public final class BigQueryExtraction {
  /** Missing groups of a wave that an error names. */
  private static final int SHOWN_GROUPS = 10;

  private final Storage storage;
  private final ExtractOptions options;
  private final ExtractConfig config;
  private final BigQueryServices services;
  private final String jobName;
  private long extracted;
  private long kept;
  private long stillMissing;

  public BigQueryExtraction(
      ExtractOptions options, ExtractConfig config, BigQueryServices services) {
    this.storage = Storage.of(options);
    this.options = options;
    this.config = config;
    this.services = services;
    this.jobName = options.getJobName();
  }

  public void run() throws IOException {
    long start = System.nanoTime();
    BigQueryPlan plan;
    try (BigQueryWarehouse warehouse =
        BigQueryWarehouse.open(options.as(BigQueryOptions.class), config.bigQuery())) {
      plan = BigQueryPlan.of(config, Discovery.discover(warehouse, config), warehouse);
    }

    if (config.validateOnly()) {
      ExtractPreview.print(
          config,
          plan.catalog(),
          ReadEstimate.of(plan, services, options.as(BigQueryOptions.class)),
          System.out);
      return;
    }

    String directory = config.checkpointDirectory();
    storage.checkWritable(directory);
    setWorkers();
    try (TemporaryFiles temporary = TemporaryFiles.open(storage, directory)) {
      extractWaves(plan, extractTargets(plan));
    }

    if (PipelineProgress.isSubmitOnly(options)) {
      return;
    }

    summary(directory).secondsSince("seconds", start).add("lies in", directory).print(System.out);
  }

  /** Jobs of Dataflow run at once and share the workers; the Direct runner does wave after wave. */
  private void setWorkers() {
    int workers = config.extractionWorkers();
    options.as(DirectOptions.class).setTargetParallelism(workers);
    options
        .as(DataflowPipelineOptions.class)
        .setMaxNumWorkers(Math.max(1, workers / waves().size()));
  }

  /** Returns how many rows of targets were left out for a null. */
  private long extractTargets(BigQueryPlan plan) {
    Class<? extends PipelineRunner<?>> runner = options.getRunner();
    options.setRunner(DirectRunner.class);
    try {
      Pipeline pipeline = Pipeline.create(options);
      pipeline.apply("Targets of " + config.pair(), TargetsExtraction.of(storage, plan, services));
      PipelineResult result =
          PipelineProgress.runAndWait(pipeline, "targets", "checkpoints", Extraction.DONE, 1);
      extracted += PipelineProgress.count(result, Extraction.EXTRACTED);
      kept += PipelineProgress.count(result, Extraction.KEPT);
      return PipelineProgress.count(result, TargetsExtraction.INCOMPLETE);
    } finally {
      options.setRunner(runner);
    }
  }

  private void extractWaves(BigQueryPlan plan, long incompleteTargets) throws IOException {
    Spine spine = CommittedSpine.read(storage, config);
    List<String> failures = new ArrayList<>();
    int lost = 0;
    Wave last = Iterables.getLast(waves());
    for (Wave wave : waves()) {
      List<BigQueryTable> all = plan.groups(wave);
      List<BigQueryTable> groups = without(all, spine, commit -> commit.committed());
      kept += all.size() - groups.size();
      if (groups.isEmpty() && !wave.equals(last)) {
        continue;
      }

      try {
        extract(
            wave,
            groups.size(),
            WaveExtraction.of(
                storage, plan, wave, groups, range(spine), incompleteTargets, services));
      } catch (RuntimeException e) {
        List<BigQueryTable> left = without(groups, spine, CheckpointCommit::recorded);
        lost += left.size();
        failures.add(
            "wave %s (without %s): %s".formatted(wave, names(left), ErrorReport.message(e)));
      }
    }

    if (!failures.isEmpty()) {
      throw new InvalidInputException(
          "Cannot complete the extraction: %,d of %,d checkpoints are missing; the others are kept, run again after fixing this"
              .formatted(lost, plan.catalog().all().size()),
          failures);
    }
  }

  /** Some of the groups by name, and how many more there are. */
  private static String names(List<BigQueryTable> tables) {
    return Listing.inWords(
        tables.stream().map(table -> table.group().table().name()).toList(), SHOWN_GROUPS);
  }

  /** Those of the tables that have no checkpoint, by one way to look for it. */
  private List<BigQueryTable> without(
      List<BigQueryTable> tables,
      Spine spine,
      ParallelCalls.Call<CheckpointCommit, Optional<CheckpointEntry>, IOException> look)
      throws IOException {
    return ParallelCalls.of(
            tables,
            table ->
                look.of(new CheckpointCommit(storage, config, table.group(), spine)).isPresent()
                    ? Optional.<BigQueryTable>empty()
                    : Optional.of(table))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** All rows when the spine may have them all; then they can be counted. */
  private TimeRange range(Spine spine) {
    boolean all =
        config.dates().start() == null && config.dates().end() == null && config.limit() == 0;
    return all ? TimeRange.ALL : spine.range();
  }

  private void extract(Wave wave, int groups, WaveExtraction extraction) {
    if (waves().size() > 1) {
      options.setJobName("%s-wave-%d-of-%d".formatted(jobName, wave.index(), wave.count()));
    }

    Pipeline pipeline = Pipeline.create(options);
    // Short, as every step of every read has it in its name.
    pipeline.apply("Wave " + wave, extraction);
    if (PipelineProgress.isSubmitOnly(options)) {
      PipelineProgress.submit(pipeline, "extract %s, wave %s".formatted(config.pair(), wave));
      return;
    }

    PipelineResult result =
        PipelineProgress.runAndWait(
            pipeline, "wave " + wave, "checkpoints", Extraction.DONE, groups);
    extracted += PipelineProgress.count(result, Extraction.EXTRACTED);
    stillMissing = PipelineProgress.count(result, WaveExtraction.STILL_MISSING);
  }

  /** A template describes one job. */
  private List<Wave> waves() {
    boolean isTemplate = options.as(DataflowPipelineOptions.class).getTemplateLocation() != null;
    return isTemplate && config.bigQuery().wave() == null
        ? List.of(new Wave(1, 1))
        : config.bigQuery().wavesToRun();
  }

  private Summary summary(String directory) throws IOException {
    Optional<Manifest> manifest = Manifest.read(storage, directory);
    if (manifest.isPresent()) {
      return ExtractSummary.of(config, manifest.get(), extracted, kept);
    }

    return new Summary("extracted wave %s of %s".formatted(config.bigQuery().wave(), config.pair()))
        .count("checkpoints extracted", extracted)
        .count("checkpoints kept", kept)
        .count("checkpoints missing, of other waves", stillMissing);
  }
}
