package ml.bqx.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;
import ml.bqx.Outcome;
import ml.bqx.Workplace;
import ml.bqx.chaos.ChaosSets.Source;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.doubles.ObjectStore.Trouble;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;

/** Any one request to Cloud Storage fails, or is the last of the process. */
final class Buckets implements Kind {
  /** What happens, besides what a store does to one request. */
  private static final String KILLED = "KILLED";

  private static final Pattern RANDOM =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=sessions/)\\d+");

  private static final List<Task> TASKS =
      List.of(Task.EXTRACT, Task.STREAM, Task.COMPOSE, Task.BEAM);

  private final ChaosSets sets;

  Buckets(ChaosSets sets) {
    this.sets = sets;
  }

  @Override
  public String name() {
    return "bucket";
  }

  @Override
  public String title() {
    return "one request to Cloud Storage is refused, lost, late or the last of the process";
  }

  /** Names the requests of a run, and decides what happens to them. */
  private static final class Requests implements Function<String, Trouble> {
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final String wanted;
    private final String what;

    private Requests(String wanted, String what) {
      this.wanted = wanted;
      this.what = what;
    }

    @Override
    public synchronized Trouble apply(String call) {
      String path = RANDOM.matcher(call.replace(' ', '-')).replaceAll("~");
      String name = path + ":" + counts.merge(path, 1, Integer::sum);
      names.add(name);
      if (what.equals(KILLED)) {
        return names.contains(wanted) ? Trouble.FORBIDDEN : Trouble.NONE;
      }

      return name.equals(wanted) ? Trouble.valueOf(what) : Trouble.NONE;
    }

    private synchronized boolean reached() {
      return names.contains(wanted);
    }
  }

  @Override
  public List<String> cases(Extent extent, Random random) throws Exception {
    List<String> cases = new ArrayList<>();
    for (Task task : extent == Extent.SHORT ? List.<Task>of() : TASKS) {
      Workplace place = task.prepare(sets);
      Requests requests = new Requests("", Trouble.NONE.name());
      run(task, place, requests);
      ChaosSets.delete(place.root());
      List<String> all = new ArrayList<>();
      for (String request : requests.names) {
        all.add("%s:%s:%s".formatted(task, KILLED, request));
        Arrays.stream(Trouble.values())
            .filter(trouble -> trouble != Trouble.NONE)
            .forEach(trouble -> all.add("%s:%s:%s".formatted(task, trouble, request)));
      }

      Collections.sort(all);
      Collections.shuffle(all, random);
      cases.addAll(all.subList(0, Math.min(all.size(), task == Task.BEAM ? 40 : 100)));
    }

    return cases;
  }

  private Outcome run(Task task, Workplace place, Requests requests) throws Exception {
    try (ObjectStore store = new ObjectStore(place.root())) {
      store.trouble = requests;
      List<String> command = new ArrayList<>();
      for (String word : task.command(sets, place)) {
        command.add(word.replace("=" + place.root(), "=gs://bucket"));
      }

      command.add("--gcsEndpoint=" + store.endpoint());
      command.add("--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
      return Outcome.ofMain(command);
    }
  }

  @Override
  public Result run(String name, Random random) throws Exception {
    String[] words = name.split(":", 3);
    Task task = Task.valueOf(words[0]);
    Workplace place = task.prepare(sets);
    Requests requests = new Requests(words[2], words[1]);
    Outcome outcome = run(task, place, requests);
    if (!requests.reached()) {
      return Result.MISSED;
    }

    boolean passes = !words[1].equals(KILLED) && !words[1].equals(Trouble.FORBIDDEN.name());
    Result result =
        during(task, place, outcome, passes)
            .then(() -> task.isMerge() ? Result.SURVIVED : mergeOfWhatIsThere(place))
            .then(
                () -> {
                  Outcome next = run(task, place, new Requests("", Trouble.NONE.name()));
                  return next.code() == 0
                      ? passes
                          ? task.done(sets, place).in("after the next run")
                          : unlessLeft(task.done(sets, place)).in("after the next run")
                      : new Result(Verdict.STUCK, "the next run: " + next.error());
                });
    ChaosSets.delete(place.root());
    return result;
  }

  /** A set that is not whole is refused, or it is whole. */
  private Result mergeOfWhatIsThere(Workplace place) throws Exception {
    Outcome outcome = run(Task.STREAM, place, new Requests("", Trouble.NONE.name()));
    Path good = Task.STREAM.training(sets);
    Result result =
        Judge.merge(
            outcome, place, found -> TrainingJudge.compare(good, found), List.of("gs://bucket"));
    ChaosSets.delete(place.output());
    return result.in("a merge of what is there");
  }

  /** What cannot be deleted stays until it is old. */
  private static Result unlessLeft(Result result) {
    return result.verdict() == Verdict.LEFT_BEHIND ? Result.SURVIVED : result;
  }

  private Result during(Task task, Workplace place, Outcome outcome, boolean passes)
      throws Exception {
    if (outcome.code() == 0) {
      return unlessLeft(task.done(sets, place));
    } else if (passes) {
      return new Result(Verdict.GAVE_UP, outcome.error());
    }

    Result files =
        task.isMerge()
            ? Files.exists(place.trainingFile())
                ? TrainingJudge.compare(task.training(sets), place.trainingFile())
                : Result.SURVIVED
            : Judge.finalNames(sets.good(Source.FEW), place);
    return files.then(() -> Judge.message(outcome, List.of("gs://bucket")));
  }
}
