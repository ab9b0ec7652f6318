package ml.bqx.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import ml.bqx.chaos.Kind.Extent;

/**
 * Lets accidents happen to the program, thousands of them, and counts what it survives. Every
 * failure is printed with the command that repeats it.
 *
 * <p>Options: {@code --short}; {@code --seed=N}; {@code --only=WORDS,...} for the cases whose names
 * begin like this, as {@code flip,kill:STREAM}; {@code --case=NAME} for one case; {@code
 * --workers=N}; {@code --table=FILE} to write the results into a page.
 */
public final class Chaos {
  /** Longer than any case takes, also on a machine that has much else to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Cases between two lines that tell how many are left. */
  private static final int PROGRESS = 50;

  private final PrintStream out;
  private final Map<String, String> options = new LinkedHashMap<>();
  private final Path root;
  private final long seed;
  private final Queue<String> pending = new ConcurrentLinkedQueue<>();
  private final Table table;

  private Chaos(PrintStream out, Path root, String... args) {
    this.out = out;
    this.root = root;
    for (String arg : args) {
      String[] parts = arg.replaceFirst("^--", "").split("=", 2);
      options.put(parts[0], parts.length == 1 ? "true" : parts[1]);
    }

    seed = Long.parseLong(options.getOrDefault("seed", "1"));
    table = new Table(seed);
  }

  /** Runs as many cases as the options say; the exit code is 0 when all were survived. */
  public static void main(String[] args) throws Exception {
    int failures = run(System.out, Path.of("target", "chaos"), args);
    System.exit(failures == 0 ? 0 : 1);
  }

  /**
   * Runs cases.
   *
   * @param root directory for what they need
   * @return how many were not survived
   */
  static int run(PrintStream out, Path root, String... args) throws Exception {
    ChaosSets.delete(root);
    Files.createDirectories(root);
    return new Chaos(out, root.toAbsolutePath(), args).run();
  }

  private int run() throws Exception {
    int workers =
        Integer.parseInt(
            options.getOrDefault(
                "workers", Integer.toString(Runtime.getRuntime().availableProcessors())));
    out.printf("seed %d, %d workers%n", seed, workers);
    long start = System.nanoTime();
    ExecutorService threads = Executors.newCachedThreadPool();
    List<OtherProcess> processes = new ArrayList<>();
    try {
      for (int i = 0; i < workers; i++) {
        processes.add(new OtherProcess(root.resolve("worker-" + i), seed));
      }

      list(processes.get(0));
      out.printf("%,d cases%n", pending.size());
      List<Future<?>> running = new ArrayList<>();
      for (OtherProcess process : processes) {
        running.add(threads.submit(() -> work(process, threads)));
      }

      for (Future<?> worker : running) {
        worker.get();
      }
    } finally {
      processes.forEach(OtherProcess::close);
      threads.shutdownNow();
    }

    out.println(table.text());
    out.printf("%,d seconds%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    writeTable();
    return table.failures();
  }

  private void list(OtherProcess process) throws IOException {
    if (options.containsKey("case")) {
      pending.add(options.get("case"));
    }

    Extent extent = options.containsKey("short") ? Extent.SHORT : Extent.LONG;
    try (Kinds kinds = new Kinds(root, seed)) {
      List<String> wanted = Arrays.asList(options.getOrDefault("only", "").split(","));
      for (Kind kind : kinds.all()) {
        table.add(kind);
        boolean isWanted = wanted.stream().anyMatch(words -> overlap(words, kind.name()));
        if (isWanted && !options.containsKey("case")) {
          for (String name :
              process.ask(List.of("list", kind.name(), extent.name()), String[].class)) {
            String whole = kind.name() + ":" + name;
            if (wanted.stream().anyMatch(whole::startsWith)) {
              pending.add(whole);
            }
          }
        }
      }
    }
  }

  private static boolean overlap(String words, String kind) {
    return words.startsWith(kind) || kind.startsWith(words);
  }

  private Void work(OtherProcess process, ExecutorService threads) throws Exception {
    for (String name; (name = pending.poll()) != null; ) {
      String each = name;
      Future<Result> asked = threads.submit(() -> process.ask(List.of("run", each), Result.class));
      Result result;
      try {
        result = asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        process.kill();
        result = new Result(Verdict.HANGS, "after " + PATIENCE);
      } catch (ExecutionException e) {
        process.kill();
        result = new Result(Verdict.HARNESS, e.toString());
      }

      table.count(name, result);
      progress();
      if (!result.survived() && result.verdict() != Verdict.MISSED) {
        report(name, result);
      }
    }

    return null;
  }

  /** Whoever stops a run keeps the results so far. */
  private void progress() throws IOException {
    int left = pending.size();
    if (left > 0 && left % PROGRESS == 0) {
      out.printf("%,d cases left%n", left);
      writeTable();
    }
  }

  private void writeTable() throws IOException {
    if (options.containsKey("table")) {
      table.writeInto(Path.of(options.get("table")));
    }
  }

  private void report(String name, Result result) {
    synchronized (out) {
      out.printf("%s: %s%n", result.verdict(), name);
      result.detail().lines().limit(12).forEach(line -> out.println("    " + line));
      out.printf("    make chaos CHAOS='--seed=%d --case=%s'%n", seed, name);
    }
  }
}
