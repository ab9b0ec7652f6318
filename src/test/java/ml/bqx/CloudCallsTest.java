package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.bqx.cost.CostEstimate;
import ml.bqx.doubles.ObjectStore;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of Cloud Storage that are billed, against those that the estimate counts. */
@ExtendWith(SampleSets.class)
class CloudCallsTest {
  @TempDir Path directory;

  /**
   * Calls of a command.
   *
   * @param writes billed as class A: uploads, copies, listings
   * @param reads billed as class B: data and metadata
   */
  private record Calls(long checkpoints, long writes, long reads) {
    static Calls of(Path bucket, ObjectStore store) {
      return new Calls(
          Workplace.filesBelow(bucket).stream()
              .filter(file -> file.contains("/checkpoint_"))
              .count(),
          store.calls.stream().filter(CloudCallsTest::isWrite).count(),
          store.calls.stream().filter(CloudCallsTest::isRead).count());
    }
  }

  @Test
  void aCheckpointTakesAsManyCallsAsTheEstimateCounts(SampleSets.Sets sets) throws IOException {
    Calls all = extract(sets, "all", "*");
    Calls some = extract(sets, "some", "agg_*");
    double more = all.checkpoints - some.checkpoints;

    assertThat(more).isGreaterThan(5);
    assertThat((all.writes - some.writes) / more).isEqualTo(CostEstimate.EXTRACT_WRITES);
    assertThat((all.reads - some.reads) / more)
        .isPositive()
        .isLessThanOrEqualTo(CostEstimate.EXTRACT_READS);
  }

  private Calls extract(SampleSets.Sets sets, String name, String groups) throws IOException {
    Path bucket = Files.createDirectory(directory.resolve(name));
    try (ObjectStore store = new ObjectStore(bucket)) {
      Outcome outcome =
          new Workplace(bucket, sets.warehouse())
              .extract(
                  "--checkpoints=gs://bucket/checkpoints",
                  "--shardRows=51200",
                  "--groups=" + groups,
                  "--gcsEndpoint=" + store.endpoint(),
                  "--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
      assertDone(outcome);
      return Calls.of(bucket, store);
    }
  }

  @ParameterizedTest
  @CsvSource({"compose, COMPOSE_READS", "stream, MERGE_READS"})
  void aCheckpointIsMergedWithAsManyCallsAsTheEstimateCounts(
      String method, String constant, SampleSets.Sets sets) throws Exception {
    int counted = CostEstimate.class.getField(constant).getInt(null);
    Calls all = merge(sets, "all", "*", method);
    Calls some = merge(sets, "some", "agg_*", method);
    double more = all.checkpoints - some.checkpoints;

    assertThat(more).isGreaterThan(5);
    // The double's listings have short pages.
    assertThat((all.writes - some.writes) / more).isLessThan(1);
    assertThat((all.reads - some.reads) / more).isPositive().isLessThanOrEqualTo(counted);
  }

  private Calls merge(SampleSets.Sets sets, String name, String groups, String method)
      throws IOException {
    Path bucket = Files.createDirectory(directory.resolve(name));
    Workplace place = new Workplace(bucket, sets.warehouse());
    // As many row groups as a full pair has.
    String rows = "--rowGroupRows=" + Workplace.ROW_GROUP_ROWS / 2;
    assertDone(place.extract("--shardRows=51200", "--groups=" + groups, rows));
    try (ObjectStore store = new ObjectStore(bucket)) {
      assertDone(
          place.merge(
              "--mergeMethod=" + method,
              rows,
              "--checkpoints=gs://bucket/checkpoints",
              "--output=gs://bucket/output",
              "--gcsEndpoint=" + store.endpoint(),
              "--credentialFactoryClass=" + NoopCredentialFactory.class.getName()));
      return Calls.of(bucket, store);
    }
  }

  /** Parts of an upload that has begun are no calls of their own; deletions are free. */
  private static boolean isWrite(String call) {
    return call.startsWith("POST ") || call.equals("GET /storage/v1/b/bucket/o");
  }

  private static boolean isRead(String call) {
    return call.startsWith("GET ") && !isWrite(call);
  }
}
