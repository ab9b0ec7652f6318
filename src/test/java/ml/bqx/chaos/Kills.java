package ml.bqx.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;

/** The process is ended by a signal, at any moment from its first file on. */
final class Kills implements Kind {
  /** Exit codes that a shell shows for a signal. */
  private static final int OF_SIGNAL = 128;

  private enum Signal {
    KILL(9),
    TERM(15);

    private final int number;

    Signal(int number) {
      this.number = number;
    }
  }

  private final ChaosSets sets;

  /** Nanoseconds from the first file of a run that nobody kills to its end. */
  private final Map<Task, Long> durations = new EnumMap<>(Task.class);

  private final RealRuns runs;

  Kills(ChaosSets sets) {
    this.sets = sets;
    this.runs = new RealRuns(sets);
  }

  @Override
  public String name() {
    return "kill";
  }

  @Override
  public String title() {
    return "SIGKILL or SIGTERM";
  }

  @Override
  public List<String> cases(Extent extent, Random random) {
    List<String> cases = new ArrayList<>();
    for (Task task : Task.values()) {
      for (Signal signal : Signal.values()) {
        int ofLong =
            switch (task) {
              case EXTRACT -> 40;
              case STREAM, COMPOSE -> 45;
              case BEAM, DUCKDB -> 10;
            };
        for (int i = 0; i < extent.of(0, ofLong); i++) {
          cases.add("%s:%s:%d".formatted(task, signal, i));
        }
      }
    }

    return cases;
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    String[] words = name.split(":");
    Task task = Task.valueOf(words[0]);
    Signal signal = Signal.valueOf(words[1]);
    Workplace place = task.prepare(sets);
    long delay = (long) (random.nextDouble() * duration(task));
    Process process = runs.start(task, place);
    awaitFirstFile(task, place, process);
    process.waitFor(delay, TimeUnit.NANOSECONDS);
    if (signal == Signal.KILL) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }

    int code = process.waitFor();
    Result result =
        code == OF_SIGNAL + signal.number || code == 0
            ? after(task, place, code)
            : code == 1
                ? new Result(Verdict.UNCLEAR, "exit code 1: " + RealRuns.log(place))
                : new Result(Verdict.UNCLEAR, "exit code " + code);
    ChaosSets.delete(place.root());
    return result;
  }

  private Result after(Task task, Workplace place, int code) throws Exception {
    Files.delete(RealRuns.logFile(place).toPath());
    Result files =
        code == 0
            ? task.done(sets, place)
            : task.isMerge()
                ? Files.exists(place.trainingFile())
                    ? TrainingJudge.compare(task.training(sets), place.trainingFile())
                    : Result.SURVIVED
                : Judge.finalNames(sets.good(Source.FEW), place);
    return files.then(
        () -> {
          Outcome outcome = Outcome.ofMain(task.command(sets, place));
          return outcome.code() == 0
              ? task.done(sets, place).in("after the next run")
              : new Result(Verdict.STUCK, "the next run: " + outcome.error());
        });
  }

  /** How long a run takes from its first file on. */
  private long duration(Task task) throws Exception {
    if (!durations.containsKey(task)) {
      Workplace place = task.prepare(sets);
      Process process = runs.start(task, place);
      awaitFirstFile(task, place, process);
      long start = System.nanoTime();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("Nothing happened, and yet: " + RealRuns.log(place));
      }

      durations.put(task, System.nanoTime() - start);
      ChaosSets.delete(place.root());
    }

    return durations.get(task);
  }

  private static void awaitFirstFile(Task task, Workplace place, Process process) throws Exception {
    Path first = task.isMerge() ? place.output() : place.checkpoints();
    while (process.isAlive() && Files.notExists(first)) {
      Thread.sleep(1);
    }
  }
}
