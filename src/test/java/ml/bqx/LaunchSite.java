package ml.bqx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.bqx.doubles.DataflowStub;
import ml.bqx.doubles.ObjectStore;

/** Where launches of one test happen: both services, a bucket, and the environment. */
final class LaunchSite implements AutoCloseable {
  final DataflowStub dataflow = new DataflowStub();
  final ObjectStore storage;
  final Path bucket;

  /** Variables of the launcher. */
  final Map<String, String> environment = new HashMap<>();

  /**
   * Services whose bucket is a directory.
   *
   * @param bucket where {@code templates}, {@code checkpoints} and {@code output} are made
   */
  LaunchSite(Path bucket) throws IOException {
    this.bucket = bucket;
    this.storage = new ObjectStore(bucket);
    Files.createDirectories(bucket.resolve("templates"));
    for (String kind : List.of("extract", "merge")) {
      Files.writeString(template(kind), "{}");
    }

    environment.put("PAIR", Workplace.PAIR);
    environment.put("PROJECT", "my-project");
    environment.put("REGION", "us-central1");
    environment.put("GCS_CHECKPOINT_BUCKET", "gs://bucket/checkpoints");
    environment.put("GCS_OUTPUT_BUCKET", "gs://bucket/output");
    environment.put("EXTRACT_TEMPLATE", "gs://bucket/templates/extract.json");
    environment.put("MERGE_TEMPLATE", "gs://bucket/templates/merge.json");
    environment.put("WAVES", "3");
    environment.put("POLL_SECONDS", "0.1");
    environment.put("DATAFLOW_ENDPOINT", dataflow.endpoint());
    environment.put("GCS_ENDPOINT", storage.endpoint());
  }

  Path template(String kind) {
    return bucket.resolve("templates/" + kind + ".json");
  }

  Workplace place() {
    return new Workplace(bucket, bucket.resolve("warehouse.duckdb"));
  }

  LaunchSite with(String variable, String value) {
    environment.put(variable, value);

    return this;
  }

  LaunchSite without(String variable) {
    environment.remove(variable);

    return this;
  }

  Outcome launch(String... args) {
    return Outcome.of(all -> Launcher.run(environment, all), args);
  }

  /** Launches an extraction with the options that the shared checkpoints were made with. */
  Outcome extract(String... more) {
    return launch(
        Stream.concat(
                Stream.of(
                    "extract",
                    "--rowGroupRows=" + Workplace.ROW_GROUP_ROWS,
                    "--shardRows=" + Workplace.SHARD_ROWS),
                Stream.of(more))
            .toArray(String[]::new));
  }

  /** The launcher in a JVM of its own, with as much heap as it is to do with. */
  Process start(Path log, String... args) throws IOException {
    List<String> options =
        List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:class+load:file=" + log + ".classes");
    ProcessBuilder process = ChildJvm.of(log, options, Launcher.class, args);
    process.environment().putAll(environment);

    return process.start();
  }

  /** The launcher's own jar in a JVM of its own, as its image runs it. */
  Process startJar(Path log, List<String> options, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-jar", LauncherJar.FILE.toString()));
    command.addAll(List.of(args));
    ProcessBuilder process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    process.environment().putAll(environment);

    return process.start();
  }

  /** Puts the checkpoints of an extraction into the bucket, but not their manifest. */
  void checkpoints(Workplace set) {
    try {
      Workplace.copy(set.checkpoints(), bucket.resolve("checkpoints"));
      Files.move(place().manifest(), hidden());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path hidden() {
    return bucket.resolve("manifest");
  }

  /** What the last job of an extraction does. */
  void publishManifest() {
    try {
      if (Files.exists(hidden())) {
        Files.move(hidden(), place().manifest());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    dataflow.close();
    storage.close();
  }
}
