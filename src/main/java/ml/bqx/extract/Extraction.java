package ml.bqx.extract;

import com.google.api.services.bigquery.Bigquery;
import com.google.common.collect.Iterables;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import ml.bqx.bigquery.BeamBigQuery;
import ml.bqx.checkpoint.CheckpointNames;
import ml.bqx.checkpoint.Fingerprint;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.TimeRange;
import ml.bqx.cli.NativeLibraries;
import ml.bqx.cli.PipelineProgress;
import ml.bqx.cli.Progress;
import ml.bqx.cli.Summary;
import ml.bqx.config.BeamCloudConfig;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.config.EmbeddedFile;
import ml.bqx.config.ExtractConfig;
import ml.bqx.config.Wave;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.storage.Storage;
import ml.bqx.storage.TemporaryFiles;
import ml.bqx.warehouse.DiscoveredTable;
import ml.bqx.warehouse.Discovery;
import ml.bqx.warehouse.Warehouse;
import ml.bqx.warehouse.bigquery.BigQueryReader;
import ml.bqx.warehouse.bigquery.BigQueryWarehouse;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.ParDo;

/**
 * Extracts a pair: the targets on this machine, as they are small and everything else depends on
 * them, then the feature groups, wave after wave, on the chosen runner.
 */
public final class Extraction {
  /**
   * Tables of BigQuery that are read at a time for each thread that works: reads wait for the
   * service, and each has a table in memory.
   */
  private static final int READS_A_THREAD = 3;

  private final PipelineOptions options;
  private final BigQueryServices services;
  private final Storage storage;
  private final List<Wave> waves;
  private final String jobName;
  private final AtomicLong kept = new AtomicLong();
  private final WaveFailures failures = new WaveFailures();

  /** Complete when the tables are known. */
  private ExtractConfig config;

  private long extracted;
  private long incompleteTargets;

  /** Groups that a worker makes at a time. */
  private int sideBySide = 1;

  private Extraction(PipelineOptions options, ExtractConfig config, BigQueryServices services) {
    this.options = options;
    this.config = config;
    this.services = services;
    this.storage = Storage.of(BeamCloudConfig.of(options));
    this.waves = waves();
    this.jobName = options.getJobName();
  }

  /**
   * An extraction that {@link #run} will do.
   *
   * @param services what BigQueryIO calls
   */
  public static Extraction create(
      PipelineOptions options, ExtractConfig config, BigQueryServices services) {
    return new Extraction(options, config, services);
  }

  /** A template describes one job, so that all groups are one wave then. */
  private List<Wave> waves() {
    List<Wave> toRun = config.source().wavesToRun();
    // To ask for Dataflow's options takes a tenth of a second.
    return toRun.size() > 1 && dataflow().getTemplateLocation() != null
        ? List.of(Wave.WHOLE)
        : toRun;
  }

  /**
   * Extracts what is missing, and prints a summary; or only what it would read. With the Dataflow
   * runner it submits the jobs and prints nothing.
   *
   * @throws InvalidInputException with the reasons, when a checkpoint could not be made
   */
  public void run() throws IOException {
    long start = System.nanoTime();
    ExtractionPlan plan = plan();
    config = plan.config();
    if (config.validateOnly()) {
      ExtractReasons.log(storage, config, plan.catalog());
      ExtractPreview.print(plan, options, services, System.out);
      return;
    }

    NativeLibraries.load();
    String directory = config.checkpointDirectory();
    storage.checkWritable(directory);
    ExtractReasons.log(storage, config, plan.catalog());
    CheckpointNames.begin(storage, directory);
    setWorkers();
    try (TemporaryFiles temporary = TemporaryFiles.open(storage, directory);
        Progress progress = Progress.start("extract", "checkpoints", total(plan))) {
      extractTargets(plan, progress);
      extractGroups(plan, progress);
    }

    failures.throwIfAny(plan.tables().size());
    if (!PipelineProgress.isSubmitOnly(options)) {
      plan.withHiddenRows(summary(plan))
          .secondsSince("seconds", start)
          .add("path", directory)
          .print(System.out);
    }
  }

  /**
   * Asks the warehouse what there is to extract, whether or not it was extracted already.
   *
   * @throws InvalidInputException when the tables do not make a training set
   */
  private ExtractionPlan plan() throws IOException {
    if (config.source() instanceof BigQueryConfig bigQuery) {
      // It may be that of the surroundings, of which Beam knows nothing.
      options.as(GcpOptions.class).setProject(bigQuery.project());
      BigQueryReader reader = new BigQueryReader(bigQuery, services);
      String file = config.discovery();
      if (file != null) {
        Discovery found = Discovery.parse(file, storage.read(file), config);
        return ExtractionPlan.of(storage, config, found, reader);
      }

      Bigquery client = BeamBigQuery.client(options, bigQuery.readTimeout());
      try (Warehouse warehouse = new BigQueryWarehouse(client, bigQuery)) {
        return ExtractionPlan.of(storage, config, Discovery.of(config, warehouse), reader);
      }
    }

    try (DuckDbWarehouse warehouse =
        DuckDbWarehouse.open(((EmbeddedFile) config.source()).path())) {
      return ExtractionPlan.of(
          storage, config, Discovery.of(config, warehouse), warehouse.reader());
    }
  }

  /**
   * Of a thread that has nothing to do the Direct runner makes one that asks all the time whether
   * there is; so it has one thread, and the step that makes checkpoints has its own: reads of
   * BigQuery wait for it, while an embedded file keeps processors busy. Jobs of Dataflow run at
   * once and share the workers.
   */
  private void setWorkers() {
    int workers = config.extractionWorkers();
    DirectOptions direct = options.as(DirectOptions.class);
    if (DirectRunner.class.equals(options.getRunner())) {
      int reads = config.source() instanceof BigQueryConfig ? READS_A_THREAD : 1;
      sideBySide = Math.min(reads * direct.getTargetParallelism(), workers);
    } else {
      dataflow().setMaxNumWorkers(Math.max(1, workers / waves.size()));
    }

    direct.setTargetParallelism(1);
  }

  private DataflowPipelineOptions dataflow() {
    return options.as(DataflowPipelineOptions.class);
  }

  /** Checkpoints that are there when this run has done its part; 0 when other jobs continue it. */
  private long total(ExtractionPlan plan) {
    return PipelineProgress.isSubmitOnly(options)
        ? 0
        : 1 + waves.stream().mapToLong(wave -> plan.groups(wave).size()).sum();
  }

  private void extractTargets(ExtractionPlan plan, Progress progress) {
    Class<? extends PipelineRunner<?>> runner = options.getRunner();
    options.setRunner(DirectRunner.class);
    try {
      TimeRange dates = TimeRange.of(config.dates());
      List<DiscoveredTable> targets =
          plan.reader().counted(List.of(plan.targets()), dates, options);
      Pipeline pipeline = Pipeline.create(options);
      pipeline
          .apply("Read targets", plan.reader().tables(targets, dates, 1))
          .apply("Commit targets", ParDo.of(new CommitTargets(plan, targets.get(0))));
      PipelineResult result = run(pipeline, "the targets", progress);
      extracted = PipelineProgress.count(result, CommitGroup.EXTRACTED);
      kept.addAndGet(1 - extracted);
      progress.advanceTo(kept.get() + extracted);
      incompleteTargets = PipelineProgress.count(result, CommitTargets.INCOMPLETE);
    } finally {
      options.setRunner(runner);
    }
  }

  private PipelineResult run(Pipeline pipeline, String task, Progress progress) {
    long before = kept.get() + extracted;
    return PipelineProgress.runAndWait(
        pipeline, task, CommitGroup.EXTRACTED, done -> progress.advanceTo(before + done));
  }

  private void extractGroups(ExtractionPlan plan, Progress progress) throws IOException {
    ExistingCheckpoints existing = ExistingCheckpoints.read(storage, config);
    existing.requireTargets(plan.targets().group());
    if (config.force()) {
      existing.forget(waves.stream().flatMap(wave -> plan.groups(wave).stream()).toList());
    }

    Wave last = Iterables.getLast(waves);
    for (Wave wave : waves) {
      List<DiscoveredTable> all = plan.groups(wave);
      List<DiscoveredTable> missing =
          existing.missing(all, () -> progress.advanceTo(kept.incrementAndGet() + extracted));
      // Only the last wave can find all others done.
      if (missing.isEmpty() && !wave.equals(last)) {
        continue;
      }

      try {
        TimeRange range = range(existing.spine());
        List<DiscoveredTable> counted = plan.reader().counted(missing, range, options);
        ExtractWave extraction =
            new ExtractWave(plan, wave, counted, range, incompleteTargets, sideBySide);
        if (extract(wave, extraction, progress)) {
          // All that the wave lacked, whatever the runner has counted: it may count twice what it
          // repeats, and lose what comes late.
          extracted += missing.size();
          progress.advanceTo(kept.get() + extracted);
        }
      } catch (RuntimeException e) {
        failures.add(wave, e, existing.unrecorded(missing));
      }
    }
  }

  /** All rows when the spine may have them all; then they can be counted. */
  private TimeRange range(Spine spine) {
    boolean all =
        config.dates().start() == null && config.dates().end() == null && config.limit() == 0;
    return all ? TimeRange.ALL : spine.range();
  }

  /** Whether the wave is done; otherwise its job goes on without this process. */
  private boolean extract(Wave wave, ExtractWave extraction, Progress progress) {
    String task = "extract " + config.pair();
    if (wave.count() > 1) {
      task += ", wave " + wave;
    }

    if (waves.size() > 1) {
      options.setJobName("%s-wave-%d-of-%d".formatted(jobName, wave.index(), wave.count()));
    }

    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply("Extract " + config.pair(), extraction);
    if (PipelineProgress.isSubmitOnly(options)) {
      PipelineProgress.submit(pipeline, task);
      return false;
    }

    run(pipeline, task, progress);
    return true;
  }

  private Summary summary(ExtractionPlan plan) throws IOException {
    Optional<Manifest> manifest = Manifest.read(storage, config.checkpointDirectory());
    boolean isWhole = total(plan) == plan.tables().size();
    if (manifest.isEmpty() ? isWhole : !manifest.get().options().equals(Fingerprint.of(config))) {
      throw OtherExtraction.replaces(config);
    }

    if (manifest.isPresent()) {
      return ExtractSummary.of(config, manifest.get(), extracted, kept.get());
    }

    return new Summary("extracted wave %s of %s".formatted(waves.get(0), config.pair()))
        .count("checkpoints extracted", extracted)
        .count("checkpoints kept", kept.get())
        .count(
            "checkpoints missing, of other waves",
            ExistingCheckpoints.read(storage, config).unrecorded(plan.tables()).size());
  }
}
