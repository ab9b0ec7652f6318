package ml.bqx.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.chaos.disk.HeldRun;
import ml.bqx.chaos.disk.Recording;
import ml.bqx.options.MergeMethod;

/**
 * Two runs beside each other, each in a process of its own: one is held before one of its
 * operations on the disk, the other one runs from beginning to end, then the first goes on.
 */
final class Interleavings implements Kind {
  /** Longer than a run takes: a limit for one that waits for the other. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What a merge takes of the checkpoints, and how it divides the rows. */
  private enum Choice {
    ALL(),
    FEATURES("--features=mkt_*"),
    SPLIT("--split=train:0.7,test:0.3", "--splitFiles"),
    OTHER_SPLIT("--split=train:0.4,valid:0.3,test:0.3", "--splitFiles");

    private final String[] options;

    Choice(String... options) {
      this.options = options;
    }
  }

  /** Two runs, of which the first is held. */
  private enum Scene {
    STREAM_BESIDE_EXTRACT(MergeMethod.STREAM),
    FEATURES_BESIDE_EXTRACT(MergeMethod.STREAM, Choice.FEATURES, Choice.ALL),
    COMPOSE_BESIDE_EXTRACT(MergeMethod.COMPOSE),
    BEAM_BESIDE_EXTRACT(MergeMethod.BEAM),
    DUCKDB_BESIDE_EXTRACT(MergeMethod.DUCKDB),
    EXTRACT_BESIDE_STREAM(MergeMethod.STREAM),
    STREAM_BESIDE_STREAM(MergeMethod.STREAM),
    STREAM_BESIDE_FEATURES(MergeMethod.STREAM, Choice.ALL, Choice.FEATURES),
    SPLIT_BESIDE_SPLIT(MergeMethod.STREAM, Choice.SPLIT, Choice.OTHER_SPLIT),
    BEAM_BESIDE_BEAM(MergeMethod.BEAM),
    EXTRACT_BESIDE_EXTRACT(MergeMethod.STREAM);

    private final MergeMethod method;
    private final Choice first;
    private final Choice second;

    Scene(MergeMethod method) {
      this(method, Choice.ALL, Choice.ALL);
    }

    Scene(MergeMethod method, Choice first, Choice second) {
      this.method = method;
      this.first = first;
      this.second = second;
    }

    /** Cases of the short form, of which each moment must tell something. */
    private int few() {
      return switch (this) {
        case STREAM_BESIDE_EXTRACT -> 3;
        case STREAM_BESIDE_STREAM, SPLIT_BESIDE_SPLIT -> 1;
        default -> 0;
      };
    }

    /** Whether a run that is held there has read, or made, a part of what it needs. */
    private boolean isTelling(String moment) {
      return moment.contains(
          this == SPLIT_BESIDE_SPLIT
              ? ":rename:output/training_eurusd.parquet:"
              : bothMerge() ? "training.json" : ":open:checkpoints/eurusd/checkpoint");
    }

    private boolean firstMerges() {
      return this != EXTRACT_BESIDE_STREAM && this != EXTRACT_BESIDE_EXTRACT;
    }

    private boolean bothMerge() {
      return switch (this) {
        case STREAM_BESIDE_STREAM, STREAM_BESIDE_FEATURES, SPLIT_BESIDE_SPLIT, BEAM_BESIDE_BEAM ->
            true;
        default -> false;
      };
    }
  }

  private final ChaosSets sets;
  private final OtherProcess other;

  Interleavings(ChaosSets sets, OtherProcess other) {
    this.sets = sets;
    this.other = other;
  }

  @Override
  public String name() {
    return "beside";
  }

  @Override
  public String title() {
    return "two runs of a pair beside each other";
  }

  @Override
  public List<String> cases(Extent extent, Random random) throws Exception {
    List<String> cases = new ArrayList<>();
    for (Scene scene : Scene.values()) {
      int count =
          switch (scene) {
            case EXTRACT_BESIDE_STREAM, EXTRACT_BESIDE_EXTRACT, BEAM_BESIDE_EXTRACT ->
                extent.of(0, 25);
            default -> extent.of(scene.few(), 32);
          };
      if (count > 0) {
        Workplace place = sets.copy(Source.FEW);
        Recording recording = new Recording(place.root());
        recording.run(() -> Outcome.ofMain(first(scene, place)));
        ChaosSets.delete(place.root());
        List<String> moments =
            recording.entries().stream()
                .map(entry -> "%s:%s".formatted(scene, entry.name()))
                .filter(moment -> extent == Extent.LONG || scene.isTelling(moment))
                .toList();
        cases.addAll(Faults.pick(moments, count, random));
      }
    }

    return cases;
  }

  private List<String> first(Scene scene, Workplace place) throws Exception {
    return scene.firstMerges()
        ? sets.merge(place, Source.FEW, scene.method, scene.first.options)
        : scene == Scene.EXTRACT_BESIDE_EXTRACT
            ? sets.extract(place, Source.FEW, "--force=true")
            : changed(place);
  }

  private List<String> second(Scene scene, Workplace place) throws Exception {
    return scene.bothMerge() || scene == Scene.EXTRACT_BESIDE_STREAM
        ? sets.merge(place, Source.FEW, scene.method, scene.second.options)
        : scene == Scene.EXTRACT_BESIDE_EXTRACT
            ? sets.extract(place, Source.FEW, "--force=true")
            : changed(place);
  }

  /** Extracts again: the tables have other values now. */
  private List<String> changed(Workplace place) throws Exception {
    return sets.extract(
        place,
        Source.FEW_CHANGED,
        "--force=true",
        "--warehouse=duckdb:" + sets.warehouse(Source.FEW_CHANGED));
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    String[] words = name.split(":", 2);
    Scene scene = Scene.valueOf(words[0]);
    // Everything that is to be compared is made before.
    sets.good(Source.FEW_CHANGED);
    Workplace place = sets.copy(Source.FEW);
    List<String> firstCommand = first(scene, place);
    List<String> secondCommand = second(scene, place);
    HeldRun held = new HeldRun(place.root(), words[1]);
    CompletableFuture<Outcome> first =
        CompletableFuture.supplyAsync(() -> held.run(() -> Outcome.ofMain(firstCommand)));
    boolean reached = false;
    while (!reached && !first.isDone()) {
      reached = held.awaitHeld(Duration.ofMillis(20));
    }

    if (!reached) {
      return Result.MISSED;
    }

    CompletableFuture<Outcome> second =
        CompletableFuture.supplyAsync(() -> other.run(secondCommand));
    try {
      second.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // It waits for the first one.
    } finally {
      held.release();
    }

    Result result = judge(scene, place, first.get(), second.get());
    ChaosSets.delete(place.root());
    return result;
  }

  private Result judge(Scene scene, Workplace place, Outcome first, Outcome second)
      throws Exception {
    return switch (scene) {
      case STREAM_BESIDE_STREAM, STREAM_BESIDE_FEATURES, SPLIT_BESIDE_SPLIT, BEAM_BESIDE_BEAM ->
          merges(scene, place, first, second);
      case EXTRACT_BESIDE_EXTRACT -> extractions(place, first, second);
      case EXTRACT_BESIDE_STREAM -> mergeAndExtraction(scene, place, second, first);
      default -> mergeAndExtraction(scene, place, first, second);
    };
  }

  private Result merges(Scene scene, Workplace place, Outcome first, Outcome second)
      throws Exception {
    for (Outcome outcome : List.of(first, second)) {
      if (outcome.code() != 0) {
        return new Result(Verdict.GAVE_UP, outcome.error());
      }
    }

    Path found = place.trainingFile();
    Path last = sets.training(Source.FEW, scene.method, scene.first.options);
    Result files = TrainingJudge.compare(last, found);
    if (!files.survived()) {
      last = sets.training(Source.FEW, scene.method, scene.second.options);
      files = TrainingJudge.compare(last, found);
    }

    Path good = last;
    return files
        .then(() -> TrainingJudge.sameNames(good.getParent(), place.output()))
        .then(() -> TrainingJudge.parts(found))
        .then(() -> Judge.cleanedUp(place.output()));
  }

  /** Either may be refused for the other's sake, but not both, and never without saying so. */
  private Result extractions(Workplace place, Outcome first, Outcome second) throws Exception {
    List<String> words = List.of(place.directory().toString());
    if (first.code() != 0 && second.code() != 0) {
      return new Result(Verdict.GAVE_UP, first.error() + "\n" + second.error());
    }

    return Judge.message(first, words)
        .then(() -> Judge.message(second, words))
        .then(() -> Judge.set(sets.good(Source.FEW), place));
  }

  private Result mergeAndExtraction(Scene scene, Workplace place, Outcome merge, Outcome extraction)
      throws Exception {
    Result training =
        Judge.merge(
            merge,
            place,
            found -> {
              String[] options = scene.first.options;
              Path before = sets.training(Source.FEW, scene.method, options);
              Result old = TrainingJudge.compare(before, found);
              Path after = sets.training(Source.FEW_CHANGED, scene.method, options);
              return old.survived() ? old : TrainingJudge.compare(after, found);
            },
            List.of(place.root().toString()));
    Source expected = extraction.code() == 0 ? Source.FEW_CHANGED : Source.FEW;
    return training
        .in("merge")
        .then(() -> Judge.message(extraction, List.of(place.root().toString())).in("extract"))
        .then(() -> Judge.set(sets.good(expected), place).in("extract"))
        .then(
            () -> Files.exists(place.output()) ? Judge.cleanedUp(place.output()) : Result.SURVIVED);
  }
}
