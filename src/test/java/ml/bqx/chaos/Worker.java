package ml.bqx.chaos;

import com.google.common.base.Throwables;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import ml.bqx.Outcome;
import ml.bqx.chaos.Kind.Extent;

/** The main of {@link OtherProcess}: a request a line, and an answer. */
final class Worker {
  private final Kinds kinds;
  private final long seed;

  private Worker(Kinds kinds, long seed) {
    this.kinds = kinds;
    this.seed = seed;
  }

  public static void main(String[] args) throws Exception {
    // What commands print goes elsewhere.
    PrintStream answers = System.out;
    System.setOut(System.err);
    long seed = Long.parseLong(args[1]);
    try (Kinds kinds = new Kinds(Path.of(args[0]), seed);
        BufferedReader requests =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      Worker worker = new Worker(kinds, seed);
      for (String line; (line = requests.readLine()) != null; ) {
        List<String> request = List.of(OtherProcess.JSON.readValue(line, String[].class));
        answers.println(OtherProcess.JSON.writeValueAsString(worker.answer(request)));
        answers.flush();
      }
    }

    // Threads of runs that were killed, or never ended, are of no interest any more.
    Runtime.getRuntime().halt(0);
  }

  private Object answer(List<String> request) throws Exception {
    List<String> words = request.subList(1, request.size());
    return switch (request.get(0)) {
      case "list" -> {
        Kind kind = kinds.of(words.get(0));
        yield kind.cases(Extent.valueOf(words.get(1)), new Random(seed));
      }
      case "run" -> run(words.get(0));
      case "exec" -> Outcome.ofMain(words);
      default -> throw new IllegalArgumentException("There is no request " + request);
    };
  }

  private Result run(String name) {
    String[] words = name.split(":", 2);
    // Cases have nothing in common but the seed, so that one alone can be repeated.
    Random random = new Random(seed * 31 + name.hashCode());
    try {
      return kinds.of(words[0]).run(words[1], random);
    } catch (Throwable e) {
      // Whatever it is, an error of the JVM too: other cases go on.
      return new Result(Verdict.HARNESS, Throwables.getStackTraceAsString(e));
    }
  }
}
