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

/** Calls of Cloud Storage that are billed, against those that the estimate counts. */
@ExtendWith(SampleSets.class)
class CloudCallsTest {
  @TempDir Path directory;

  /**
   * Calls of an extraction.
   *
   * @param writes billed as class A: uploads, copies, listings
   * @param reads billed as class B: data and metadata
   */
  private record Calls(long checkpoints, long writes, long reads) {}

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
      return new Calls(
          Workplace.filesBelow(bucket).stream().filter(file -> file.endsWith(".parquet")).count(),
          store.calls.stream().filter(CloudCallsTest::isWrite).count(),
          store.calls.stream().filter(CloudCallsTest::isRead).count());
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
