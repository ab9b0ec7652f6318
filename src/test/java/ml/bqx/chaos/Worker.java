package ml.bqx.chaos;

import com.google.common.base.Throwables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    new Thread(() -> read(requests), "requests").start();
    long seed = Long.parseLong(args[1]);
    try (Kinds kinds = new Kinds(Path.of(args[0]), seed)) {
      Worker worker = new Worker(kinds, seed);
      while (true) {
        List<String> request =
            List.of(OtherProcess.JSON.readValue(requests.take(), String[].class));
        answers.println(OtherProcess.JSON.writeValueAsString(worker.answer(request)));
        answers.flush();
      }
    }
  }

  /**
   * Ends this process, and those that it has started, with the one that asks, in the middle of a
   * request too: the next run works in the same directory.
   */
  private static void read(Queue<String> requests) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      lines.lines().forEach(requests::add);
    } catch (IOException | UncheckedIOException e) {
      // As good as the end.
    } finally {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      Runtime.getRuntime().halt(0);
    }
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
