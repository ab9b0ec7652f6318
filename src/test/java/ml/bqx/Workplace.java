package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingCard;
import ml.bqx.verify.TrainingComparison;

/**
 * Where the commands of one test work.
 *
 * @param root the directory of checkpoints and output
 * @param warehouse the DuckDB file
 */
public record Workplace(Path root, Path warehouse) {
  /** The pair of all samples. */
  public static final String PAIR = "eurusd";

  /** So few that a sample has several row groups. */
  public static final int ROW_GROUP_ROWS = 512;

  /** So few that a checkpoint has several files. */
  static final int SHARD_ROWS = 1_024;

  /** Under which every pair has its directory. */
  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  /** Where the pair's checkpoints are. */
  public Path directory() {
    return checkpoints().resolve(PAIR);
  }

  public Path manifest() {
    return directory().resolve("_manifest.json");
  }

  JsonNode readManifest() throws IOException {
    return new ObjectMapper().readTree(manifest().toFile());
  }

  public Path output() {
    return root.resolve("output");
  }

  public Path trainingFile() {
    return output().resolve("training_" + PAIR + ".parquet");
  }

  /** What tells of the training file, beside it. */
  public Path card() {
    return Path.of(TrainingCard.path(trainingFile().toString()));
  }

  /** The options that every extraction needs, and more. */
  public String[] extractArgs(String... more) {
    return with(
        more,
        "--pair=" + PAIR,
        "--warehouse=duckdb:" + warehouse,
        "--checkpoints=" + checkpoints(),
        "--rowGroupRows=" + ROW_GROUP_ROWS,
        "--shardRows=" + SHARD_ROWS);
  }

  /** Runs an extraction; options that are given here win. */
  public Outcome extract(String... more) {
    return Outcome.of(ExtractPipeline::run, extractArgs(more));
  }

  /** Runs a merge; options that are given here win. */
  public Outcome merge(String... more) {
    return Outcome.of(MergePipeline::run, mergeArgs(more));
  }

  /** The options that every merge needs, and more. */
  public String[] mergeArgs(String... more) {
    return with(
        more,
        "--pair=" + PAIR,
        "--checkpoints=" + checkpoints(),
        "--output=" + output(),
        "--rowGroupRows=" + ROW_GROUP_ROWS);
  }

  /** The arguments, and of the defaults those that they do not set themselves. */
  private static String[] with(String[] args, String... defaults) {
    List<String> all = new ArrayList<>(List.of(args));
    for (String option : defaults) {
      String start = option.substring(0, option.indexOf('=') + 1);
      if (all.stream().noneMatch(arg -> arg.startsWith(start))) {
        all.add(option);
      }
    }

    return all.toArray(String[]::new);
  }

  /** What a training file has otherwise than another, in words. */
  public static List<String> differences(Path expected, Path file) throws IOException {
    return TrainingComparison.of(Storage.local(), expected.toString(), file.toString())
        .differences();
  }

  /** Asserts that a command ended well. */
  static void assertDone(Outcome outcome) {
    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.code()).isZero();
  }

  /** Asserts that there is no training file, whole or in parts. */
  void assertNothingMerged() {
    assertThat(filesBelow(output())).isEmpty();
  }

  /** The files below a directory with their paths from there, sorted; empty when it is none. */
  public static List<String> filesBelow(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }

    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a directory with all below it. */
  public static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
