package ml.bqx.merge.bigquery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import ml.bqx.cli.Progress;
import ml.bqx.cli.Summary;
import ml.bqx.config.BigQueryMergeConfig;
import ml.bqx.failure.Failure;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.Merge;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.SliceConsumer;
import ml.bqx.merge.TrainingFileWriter;
import ml.bqx.merge.Workspace;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.SourcePlan;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.MergeOptions;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;

/**
 * The merge in BigQuery: checkpoints are loaded to a temporary dataset, joined in a {@link
 * JoinTree}, exported row block by row block, and made one file while they are read. The dataset
 * and the temporary files are deleted at the end, also after a failure or when the process is
 * stopped.
 */
public final class BigQueryMerge implements Merge {
  /**
   * Load jobs at once: they wait more than they work, and a project may begin 1,500 a minute.
   * Unaligned checkpoints are looked at before: one column of each is in memory.
   */
  private static final int LOADS = 16;

  /** Queries at once; a project's slots are shared with others. */
  private static final int QUERIES = 4;

  /** Longer than between two looks at a job, and less than the ten seconds of Cloud Run. */
  private static final int END_SECONDS = 6;

  private final PlannedMerge merge;
  private final Workspace workspace;
  private final BigQueryMergeConfig config;
  private final List<BigQuerySource> sources;
  private final JoinTree tree;
  private final BigQueryJobs jobs;
  private final String temporaryDirectory;
  private final AtomicLong steps = new AtomicLong();

  /** Shared by those who write temporary files, so that none appears after the deletion. */
  private final ReadWriteLock writing = new ReentrantReadWriteLock();

  private boolean closed;

  /**
   * Plans the joins.
   *
   * @param options for BigQuery, its credentials and endpoint among them
   * @throws InvalidInputException when BigQuery could not hold the result
   */
  public BigQueryMerge(MergePlan plan, Workspace workspace, MergeOptions options)
      throws IOException {
    this.merge = PlannedMerge.of(plan);
    this.workspace = workspace;
    this.config = BigQueryMergeConfig.of(options);
    String dataset =
        "bqx_ml_merge_%s_%s"
            .formatted(merge.config().pair(), UUID.randomUUID().toString().replace("-", ""));
    this.temporaryDirectory = config.tempLocation() + "/" + dataset;
    this.sources = sources(merge);
    this.tree =
        JoinTree.of(
            config.project() + "." + dataset,
            sources.get(0).joinTable(),
            sources.stream().skip(1).map(BigQuerySource::joinTable).toList(),
            merge.blocks().blocks());
    this.jobs =
        new BigQueryJobs(
            config, dataset, location(merge.storage(), config), BeamOptions.of(options));
  }

  private static List<BigQuerySource> sources(PlannedMerge merge) {
    List<SourcePlan> sources = merge.plan().sources();
    return IntStream.range(0, sources.size())
        .mapToObj(i -> new BigQuerySource(merge, sources.get(i), "checkpoint_%04d".formatted(i)))
        .toList();
  }

  private static String location(Storage storage, BigQueryMergeConfig config) {
    if (config.location().isPresent()) {
      return config.location().get();
    }

    try {
      return storage.bucketLocation(config.tempLocation());
    } catch (Failure e) {
      throw new InvalidInputException(
          e.getMessage() + "; check --tempLocation, or set --location", e);
    }
  }

  @Override
  public List<String> outline() {
    List<String> lines = new ArrayList<>();
    lines.add("load    %,d tables".formatted(sources.size()));
    for (JoinQuery query : tree.queries()) {
      lines.add(
          "%-14s  %,3d tables  %,6d columns  %,8d characters of SQL  (%s)"
              .formatted(
                  query.table(),
                  query.inputs().size(),
                  query.columns(),
                  query.sql().length(),
                  query.description()));
    }

    lines.add("export  %,d row blocks".formatted(merge.blocks().blocks()));
    return lines;
  }

  /** Steps of the work: tables, queries, row blocks. */
  private long steps() {
    return sources.size() + tree.queries().size() + 2L * merge.blocks().blocks();
  }

  @Override
  public Result run() throws IOException {
    try (Progress progress = Progress.start("merge", "steps", steps())) {
      jobs.createDataset();
      JoinCounts counts = load(progress);
      for (List<JoinQuery> level : tree.levels()) {
        join(level, progress);
      }

      try (TrainingFileWriter file = TrainingFileWriter.create(merge, workspace.trainingFile())) {
        write(export(progress), file.slices(), progress);
        return file.finish(counts);
      }
    }
  }

  private <T> T done(T result, Progress progress) {
    progress.advanceTo(steps.incrementAndGet());
    return result;
  }

  private JoinCounts load(Progress progress) throws IOException {
    return JoinCounts.sum(
        ParallelCalls.of(LOADS, sources, source -> done(load(source), progress), jobs::stop));
  }

  private JoinCounts load(BigQuerySource source) throws IOException {
    writing.readLock().lock();
    try {
      jobs.checkOpen();
      return source.load(jobs, temporaryDirectory);
    } finally {
      writing.readLock().unlock();
    }
  }

  private void join(List<JoinQuery> level, Progress progress) throws IOException {
    List<BillingBudget.Query> queries =
        level.stream()
            .map(
                query ->
                    new BillingBudget.Query(
                        "run %s of %,d tables (%s)"
                            .formatted(query.table(), query.inputs().size(), query.description()),
                        attempt -> query.sql(),
                        query.inputs().size()))
            .toList();
    run("run %,d joins".formatted(level.size()), queries, progress);
  }

  /** Exports all row blocks; answers with what the names of each one's files begin with. */
  private List<String> export(Progress progress) throws IOException {
    List<BillingBudget.Query> queries =
        blocks()
            .mapToObj(
                block ->
                    new BillingBudget.Query(
                        "export row block %,d".formatted(block),
                        attempt -> tree.last().export(block, uri(block, attempt)),
                        1))
            .toList();
    List<Integer> attempts =
        run("export %,d row blocks".formatted(queries.size()), queries, progress);
    return blocks().mapToObj(block -> prefix(block, attempts.get(block))).toList();
  }

  private IntStream blocks() {
    return IntStream.range(0, merge.blocks().blocks());
  }

  /**
   * Runs queries, some at once, unless together they go beyond what may be billed.
   *
   * @param what they are, for messages
   * @return the attempt of each that succeeded
   */
  private List<Integer> run(String what, List<BillingBudget.Query> queries, Progress progress)
      throws IOException {
    List<Long> bounds = new BillingBudget(jobs, config.maximumBytesBilled()).bounds(what, queries);
    return ParallelCalls.of(
        QUERIES,
        IntStream.range(0, queries.size()).boxed().toList(),
        i -> {
          BillingBudget.Query query = queries.get(i);
          return done(jobs.query(query.what(), query.sql(), bounds.get(i)), progress);
        },
        jobs::stop);
  }

  private String uri(int block, int attempt) {
    return "%s/%s*.parquet".formatted(temporaryDirectory, prefix(block, attempt));
  }

  private static String prefix(int block, int attempt) {
    return "block-%05d-%d-".formatted(block, attempt);
  }

  private void write(List<String> prefixes, SliceConsumer file, Progress progress)
      throws IOException {
    List<FileStatus> exported = merge.storage().list(temporaryDirectory);
    BigQueryExport export = new BigQueryExport(merge);
    for (int block = 0; block < prefixes.size(); block++) {
      String prefix = prefixes.get(block);
      List<FileStatus> files =
          exported.stream().filter(each -> each.name().startsWith(prefix)).toList();
      export.append(block, files, file);
      done(block, progress);
    }
  }

  @Override
  public Optional<Summary> billed() {
    return Optional.of(
        new Summary("billed by bigquery")
            .bytes("bytes billed", jobs.bytesBilled())
            .count("jobs repeated", jobs.repeated()));
  }

  /** Deletes the dataset and all temporary files; stops what still runs. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }

    closed = true;
    try {
      jobs.close();
    } finally {
      boolean alone = waitForWriters();
      merge.storage().deleteDirectory(temporaryDirectory);
      if (alone) {
        writing.writeLock().unlock();
      }
    }
  }

  /** Whether all have ended who write temporary files: each stops when it next looks at a job. */
  private boolean waitForWriters() {
    try {
      return writing.writeLock().tryLock(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
