package ml.bqx.chaos;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.chaos.disk.FaultyDisk;
import ml.bqx.chaos.disk.SmallDisk;

/** The file system has few megabytes, fewer than are needed. */
final class FullDisks implements Kind {
  private final ChaosSets sets;

  FullDisks(ChaosSets sets) {
    this.sets = sets;
  }

  @Override
  public String name() {
    return "full";
  }

  @Override
  public String title() {
    return "a file system of few megabytes runs full";
  }

  @Override
  public List<String> cases(Extent extent, Random random) {
    List<String> cases = new ArrayList<>();
    for (Task task : Task.values()) {
      for (int i = 0; i < extent.of(task == Task.EXTRACT || task == Task.STREAM ? 1 : 0, 20); i++) {
        cases.add("%s:%d".formatted(task, i));
      }
    }

    return cases;
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    Task task = Task.valueOf(name.split(":")[0]);
    Workplace place = task.prepare(sets);
    long needed =
        task.isMerge() ? Files.size(task.training(sets)) : bytesBelow(sets.good(Source.FEW));
    SmallDisk disk = new SmallDisk(place.root(), (long) (random.nextDouble() * needed));
    Outcome outcome = disk.run(() -> Outcome.ofMain(task.command(sets, place)));
    Result result =
        !disk.refused()
            ? Result.MISSED
            : during(task, place, outcome)
                .then(
                    () -> {
                      Outcome next = Outcome.ofMain(task.command(sets, place));
                      return next.code() == 0
                          ? task.done(sets, place).in("after the next run")
                          : new Result(Verdict.STUCK, "the next run: " + next.error());
                    });
    ChaosSets.delete(place.root());
    return result;
  }

  private Result during(Task task, Workplace place, Outcome outcome) throws Exception {
    if (outcome.code() == 0) {
      return task.done(sets, place);
    }

    Result files =
        task.isMerge()
            ? Files.exists(place.trainingFile())
                ? new Result(Verdict.WRONG, "exit code 1 and a training file")
                : Judge.cleanedUp(place.output())
            : Judge.finalNames(sets.good(Source.FEW), place)
                .then(() -> Judge.cleanedUp(place.checkpoints()));
    return files
        .then(() -> Judge.message(outcome, List.of(place.root().toString())))
        .then(() -> Judge.message(outcome, List.of(FaultyDisk.NO_SPACE)));
  }

  private static long bytesBelow(Workplace place) {
    return Workplace.filesBelow(place.checkpoints()).stream()
        .flatMapToLong(file -> LongStream.of(place.checkpoints().resolve(file).toFile().length()))
        .sum();
  }
}
