package ml.bqx.chaos;

import com.google.common.base.StandardSystemProperty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.chaos.disk.FaultyDisk;
import ml.bqx.chaos.disk.SmallDisk;

/** A file system has fewer bytes than are needed, or a file may not have as many. */
final class FullDisks implements Kind {
  /** What makes the disk full. */
  private enum Limit {
    /** The file system below the program, which sees all but what DuckDB writes itself. */
    QUOTA,

    /** A file system in memory, where this process may mount one. */
    TMPFS,

    /** The limit of a process for the size of files. */
    ULIMIT;

    private int cases() {
      return switch (this) {
        case QUOTA -> 14;
        case TMPFS -> TmpFs.isAllowed() ? 8 : 0;
        case ULIMIT -> 3;
      };
    }

    private String reason() {
      return this == ULIMIT ? "File too large" : FaultyDisk.NO_SPACE;
    }
  }

  private final ChaosSets sets;
  private final RealRuns runs;

  FullDisks(ChaosSets sets) {
    this.sets = sets;
    this.runs = new RealRuns(sets);
  }

  @Override
  public String name() {
    return "full";
  }

  @Override
  public String title() {
    return "a file system of few kilobytes, or a limit for the size of files";
  }

  @Override
  public List<String> cases(Extent extent, Random random) {
    List<String> cases = new ArrayList<>();
    for (Task task : Task.values()) {
      for (Limit limit : Limit.values()) {
        boolean first = limit == Limit.QUOTA && (task == Task.EXTRACT || task == Task.STREAM);
        for (int i = 0; i < extent.of(first ? 1 : 0, limit.cases()); i++) {
          cases.add("%s:%s:%d".formatted(task, limit, i));
        }
      }
    }

    return cases;
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    String[] words = name.split(":");
    Task task = Task.valueOf(words[0]);
    Limit limit = Limit.valueOf(words[1]);
    Workplace place = sets.empty(Source.FEW);
    return switch (limit) {
      case QUOTA -> {
        task.fill(sets, place);
        SmallDisk disk = new SmallDisk(place.root(), (long) (random.nextDouble() * needed(task)));
        Outcome outcome = disk.run(() -> Outcome.ofMain(task.command(sets, place)));
        yield disk.refused() ? judge(task, limit, place, outcome) : Result.MISSED;
      }
      case TMPFS -> inTmpFs(task, place, random);
      case ULIMIT -> {
        task.fill(sets, place);
        Outcome outcome = limited(task, place, random);
        yield outcome.code() == 0 ? Result.MISSED : judge(task, limit, place, outcome);
      }
    };
  }

  private Result inTmpFs(Task task, Workplace place, Random random) throws Exception {
    try (TmpFs disk = TmpFs.mount(place.root())) {
      task.fill(sets, place);
      disk.leave((long) (random.nextDouble() * needed(task)));
      Outcome outcome = Outcome.ofMain(task.command(sets, place));
      disk.leave(10 * needed(task));
      return outcome.code() == 0 ? Result.MISSED : judge(task, Limit.TMPFS, place, outcome);
    }
  }

  private Outcome limited(Task task, Workplace place, Random random) throws Exception {
    long kilobytes = 1 + (long) (random.nextDouble() * largestFile(task) / 1024);
    List<String> shell =
        List.of("bash", "-c", "ulimit -f %d; exec \"$@\"".formatted(kilobytes), "bash");
    Process process = runs.start(task, place, shell);
    int code = process.waitFor();
    return new Outcome(code, "", RealRuns.log(place));
  }

  private Result judge(Task task, Limit limit, Workplace place, Outcome outcome) throws Exception {
    Result result =
        during(task, limit, place, outcome)
            .then(
                () -> {
                  Outcome next = Outcome.ofMain(task.command(sets, place));
                  return next.code() == 0
                      ? task.done(sets, place).in("after the next run")
                      : new Result(Verdict.STUCK, "the next run: " + next.error());
                });
    if (limit != Limit.TMPFS) {
      ChaosSets.delete(place.root());
    }

    return result;
  }

  private Result during(Task task, Limit limit, Workplace place, Outcome outcome) throws Exception {
    if (outcome.code() == 0) {
      return task.done(sets, place);
    }

    Result files =
        task.isMerge()
            ? Files.exists(place.trainingFile())
                ? TrainingJudge.compare(task.training(sets), place.trainingFile())
                : Judge.cleanedUp(place.output())
            : Judge.finalNames(sets.good(Source.FEW), place)
                .then(() -> Judge.cleanedUp(place.checkpoints()));
    // Native parts of libraries are files too, the first ones of all.
    List<String> places =
        List.of(place.root().toString(), StandardSystemProperty.JAVA_IO_TMPDIR.value() + ", which");
    return files
        .then(() -> Judge.message(outcome, places))
        .then(() -> Judge.message(outcome, List.of(limit.reason())));
  }

  private long needed(Task task) throws Exception {
    return sizes(task).sum();
  }

  private long largestFile(Task task) throws Exception {
    return sizes(task).max().orElseThrow();
  }

  /** Of the files that a command makes. */
  private LongStream sizes(Task task) throws Exception {
    if (task.isMerge()) {
      return LongStream.of(Files.size(task.training(sets)));
    }

    Path directory = sets.good(Source.FEW).checkpoints();
    return Workplace.filesBelow(directory).stream()
        .mapToLong(file -> directory.resolve(file).toFile().length());
  }
}
