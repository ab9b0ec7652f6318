package ml.bqx.chaos;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.chaos.disk.Fault;
import ml.bqx.chaos.disk.FaultyDisk;
import ml.bqx.chaos.disk.Recording;

/** Any one operation on the disk fails, in any way. */
final class Faults implements Kind {
  private final ChaosSets sets;

  Faults(ChaosSets sets) {
    this.sets = sets;
  }

  @Override
  public String name() {
    return "fault";
  }

  @Override
  public String title() {
    return "one operation on the disk fails, is cut short, or is the last of the process";
  }

  @Override
  public List<String> cases(Extent extent, Random random) throws Exception {
    List<String> cases = new ArrayList<>();
    for (Task task : Task.values()) {
      int count =
          switch (task) {
            case EXTRACT -> extent.of(8, 250);
            case STREAM -> extent.of(10, 300);
            case COMPOSE -> extent.of(10, 300);
            case BEAM -> extent.of(0, 100);
            case DUCKDB -> extent.of(0, 100);
          };
      if (count > 0) {
        cases.addAll(pick(all(task), count, random));
      }
    }

    return cases;
  }

  private List<String> all(Task task) throws Exception {
    Workplace place = task.prepare(sets);
    Recording recording = new Recording(place.root());
    recording.run(() -> Outcome.ofMain(task.command(sets, place)));
    ChaosSets.delete(place.root());
    List<String> all = new ArrayList<>();
    for (Recording.Entry entry : recording.entries()) {
      for (Fault fault : Fault.values()) {
        if (fault.appliesTo(entry.kind())) {
          all.add("%s:%s:%s".formatted(task, fault, entry.name()));
        }
      }
    }

    return all;
  }

  /**
   * Some of all cases: first one of each class, which is what fails how on which kind of file, then
   * a second of each, and so on.
   */
  static List<String> pick(List<String> all, int count, Random random) {
    List<String> shuffled = new ArrayList<>(all);
    Collections.sort(shuffled);
    Collections.shuffle(shuffled, random);
    Map<String, Integer> seen = new HashMap<>();
    Map<String, Integer> rank = new HashMap<>();
    for (String each : shuffled) {
      String kind =
          each.replaceFirst(":\\d+$", "").replaceAll("(?<=checkpoint_|_commits/)[^:]*", "");
      rank.put(each, seen.merge(kind, 1, Integer::sum));
    }

    shuffled.sort(Comparator.comparing(rank::get));
    return shuffled.subList(0, Math.min(count, shuffled.size()));
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    String[] words = name.split(":", 3);
    Task task = Task.valueOf(words[0]);
    Fault fault = Fault.valueOf(words[1]);
    Workplace place = task.prepare(sets);
    FaultyDisk disk = new FaultyDisk(place.root(), words[2], fault);
    Outcome outcome = disk.run(() -> Outcome.ofMain(task.command(sets, place)));
    disk.closeFiles();
    if (!disk.reached()) {
      return Result.MISSED;
    }

    Result result = during(task, fault, place, outcome).then(() -> next(task, fault, place));
    ChaosSets.delete(place.root());
    return result;
  }

  private Result during(Task task, Fault fault, Workplace place, Outcome outcome) throws Exception {
    Result files =
        task.isMerge()
            ? Files.exists(place.trainingFile())
                ? TrainingJudge.compare(task.training(sets), place.trainingFile())
                : Result.SURVIVED
            : Judge.finalNames(sets.good(Source.FEW), place);
    if (fault.kills()) {
      return files;
    }

    return files
        .then(() -> outcome.code() == 0 ? task.done(sets, place) : Result.SURVIVED)
        .then(
            () ->
                fault == Fault.SHORT && outcome.code() != 0
                    ? new Result(Verdict.GAVE_UP, outcome.error())
                    : Result.SURVIVED)
        .then(() -> Judge.message(outcome, List.of(place.root().toString())))
        .then(
            () ->
                outcome.code() == 0 || saysWhy(fault, outcome)
                    ? Result.SURVIVED
                    : new Result(Verdict.UNCLEAR, outcome.error()));
  }

  private static boolean saysWhy(Fault fault, Outcome outcome) {
    String reason = fault == Fault.FULL ? FaultyDisk.NO_SPACE : FaultyDisk.INPUT_OUTPUT_ERROR;
    return outcome.error().contains(reason);
  }

  /** The same command once more, when nothing happens. */
  private Result next(Task task, Fault fault, Workplace place) throws Exception {
    Outcome outcome = Outcome.ofMain(task.command(sets, place));
    if (outcome.code() != 0) {
      return new Result(Verdict.STUCK, "the next run: " + outcome.error());
    }

    // The process that was killed lives on here, and may be taken for the owner of what it left.
    Result done = task.done(sets, place).in("after the next run");
    return fault.kills() && done.verdict() == Verdict.LEFT_BEHIND ? Result.SURVIVED : done;
  }
}
