package ml.bqx.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.chaos.disk.Journal;
import ml.bqx.chaos.disk.PowerCut;
import ml.bqx.chaos.disk.PowerCut.Loss;
import ml.bqx.options.MergeMethod;

/** The power is cut: of what was not forced to the disk any part may be gone. */
final class PowerCuts implements Kind {
  /** Stands for the moment when the command has ended. */
  private static final String END = "end";

  /**
   * A command that was run once, and all that it did to the disk.
   *
   * @param before a copy of the place as the command found it
   */
  private record Recorded(Path before, Journal journal) {}

  private final ChaosSets sets;
  private final Map<Task, Recorded> recorded = new EnumMap<>(Task.class);

  PowerCuts(ChaosSets sets) {
    this.sets = sets;
  }

  @Override
  public String name() {
    return "power";
  }

  @Override
  public String title() {
    return "power cut: what was not forced to the disk is lost, all or in part";
  }

  private Recorded record(Task task) throws Exception {
    if (!recorded.containsKey(task)) {
      Workplace place = task.prepare(sets);
      Path before = sets.empty(Source.FEW).root().resolve("before");
      Workplace.copy(place.root(), before);
      Journal journal = new Journal(place.root());
      Outcome outcome = journal.run(() -> Outcome.ofMain(task.command(sets, place)));
      if (outcome.code() != 0) {
        throw new IllegalStateException("Nothing happened, and yet: " + outcome.err());
      }

      ChaosSets.delete(place.root());
      recorded.put(task, new Recorded(before, journal));
    }

    return recorded.get(task);
  }

  @Override
  public List<String> cases(Extent extent, Random random) throws Exception {
    List<String> cases = new ArrayList<>();
    for (Task task :
        extent == Extent.SHORT ? List.of(Task.EXTRACT, Task.STREAM) : List.of(Task.values())) {
      List<String> moments = new ArrayList<>();
      for (Loss loss : Loss.values()) {
        record(task)
            .journal
            .ends()
            .keySet()
            .forEach(name -> moments.add("%s:%s:%s".formatted(task, loss, name)));
        // Above all, an exit code of 0 must mean that everything is there.
        cases.add("%s:%s:%s".formatted(task, loss, END));
      }

      int count = extent.of(6, task == Task.EXTRACT ? 60 : 36);
      cases.addAll(Faults.pick(moments, count, random));
    }

    return cases;
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    String[] words = name.split(":", 3);
    Task task = Task.valueOf(words[0]);
    Loss loss = Loss.valueOf(words[1]);
    boolean end = words[2].equals(END);
    Recorded run = record(task);
    Integer changes =
        end ? Integer.valueOf(run.journal.length()) : run.journal.ends().get(words[2]);
    if (changes == null) {
      return Result.MISSED;
    }

    Workplace place = sets.empty(Source.FEW);
    PowerCut.of(run.before, run.journal, changes).write(place.root(), loss, random);
    Result result = (end ? kept(task, place) : Result.SURVIVED).then(() -> after(task, place));
    ChaosSets.delete(place.root());
    return result;
  }

  private Result kept(Task task, Workplace place) throws Exception {
    Result done = task.done(sets, place);
    return done.survived() || done.verdict() == Verdict.LEFT_BEHIND
        ? Result.SURVIVED
        : new Result(Verdict.LOST, "after exit code 0: " + done.detail());
  }

  private Result after(Task task, Workplace place) throws Exception {
    return (task.isMerge() ? Result.SURVIVED : mergeOfWhatIsThere(place))
        .then(
            () -> {
              Outcome outcome = Outcome.ofMain(task.command(sets, place));
              return outcome.code() == 0
                  ? task.done(sets, place).in("after the next run")
                  : new Result(Verdict.STUCK, "the next run: " + outcome.error());
            });
  }

  /** A set that is not whole is refused, or it is whole. */
  private Result mergeOfWhatIsThere(Workplace place) throws Exception {
    Path good = sets.training(Source.FEW, MergeMethod.STREAM);
    Outcome outcome = Outcome.ofMain(sets.merge(place, Source.FEW, MergeMethod.STREAM));
    Result result =
        Judge.merge(
                outcome,
                place,
                found -> TrainingJudge.compare(good, found),
                List.of(place.root().toString()))
            .in("a merge after the cut");
    ChaosSets.delete(place.output());
    return result;
  }
}
