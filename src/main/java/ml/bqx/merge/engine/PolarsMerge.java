package ml.bqx.merge.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import ml.bqx.checkpoint.Json;
import ml.bqx.cli.Progress;
import ml.bqx.config.EngineConfig;
import ml.bqx.merge.JoinedTable;
import ml.bqx.merge.Merge;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.TrainingFileWriter;
import ml.bqx.merge.Workspace;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.storage.Storage;

/**
 * The merge by Polars, in a Python interpreter of this machine: the whole table in its memory, then
 * in an intermediate file, and from there to the training file, because Polars cannot write its
 * layout itself.
 */
public final class PolarsMerge implements Merge {
  private final PlannedMerge merge;
  private final Workspace workspace;

  /** Prepares the merge. */
  public PolarsMerge(MergePlan plan, Workspace workspace) throws IOException {
    this.merge = PlannedMerge.of(plan);
    this.workspace = workspace;
  }

  /**
   * Makes the training file.
   *
   * @throws ml.bqx.failure.InvalidInputException when interpreter, package or memory are missing
   */
  @Override
  public Result run() throws IOException {
    EngineConfig config = merge.config().engine();
    if (!config.forcePolars()) {
      PolarsMemory.check(merge);
    }

    Path spill = workspace.spillDirectory();
    try (Progress progress = merge.progress()) {
      PolarsInterpreter polars = PolarsInterpreter.find(config.python(), spill);
      List<EngineSource> sources = EngineSource.of(merge, spill);
      Path plan = spill.resolve("plan.json");
      Storage.local().write(plan.toString(), Json.bytes(Plan.of(merge, sources)));
      Path joined = spill.resolve("joined.parquet");
      AtomicInteger done = new AtomicInteger();
      polars.join(plan, joined, () -> progress.advanceTo(done.incrementAndGet()));
      EngineSource.checkAgain(merge, sources);
      try (TrainingFileWriter file = TrainingFileWriter.create(merge, workspace.trainingFile())) {
        int columns = merge.plan().joined().size();
        file.writeJoined(new JoinedTable("polars", List.of(joined.toString()), 1, columns));
        return file.finish(EngineSource.sum(sources));
      }
    }
  }

  /** The script's input; the script documents its parts. */
  private record Plan(String keep, List<Checkpoint> checkpoints) {
    static Plan of(PlannedMerge merge, List<EngineSource> sources) {
      boolean last = merge.config().onDuplicate() == DuplicatePolicy.LAST;
      return new Plan(last ? "last" : "first", sources.stream().map(Checkpoint::of).toList());
    }
  }

  private record Checkpoint(
      List<String> files,
      Map<String, String> columns,
      boolean targets,
      boolean positional,
      boolean duplicates) {
    static Checkpoint of(EngineSource source) {
      Map<String, String> columns = new LinkedHashMap<>();
      List<String> names = new ArrayList<>(source.plan().columns());
      for (int i = 0; i < names.size(); i++) {
        columns.put(names.get(i), JoinedTable.columnName(source.plan().firstColumn() + i));
      }

      return new Checkpoint(
          source.plan().files(),
          columns,
          source.targets(),
          source.positional(),
          source.hasDuplicates());
    }
  }
}
