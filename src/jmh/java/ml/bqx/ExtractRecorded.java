package ml.bqx;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The extraction from BigQuery, unchanged, from a recording: {@code ExtractRecorded RECORDING
 * OPTIONS...}, with the options of {@code extract} that are not about the warehouse.
 */
public final class ExtractRecorded {
  private ExtractRecorded() {}

  /** Extracts, and ends with the exit code of the extraction. */
  public static void main(String[] args) throws Exception {
    int code;
    try (RecordedBigQuery bigQuery = new RecordedBigQuery(Path.of(args[0]))) {
      Stream<String> warehouse =
          Stream.of(
              "--warehouse=bigquery",
              "--project=" + RecordBigQuery.PROJECT,
              "--bigQueryEndpoint=" + bigQuery.endpoint(),
              "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory");
      code =
          ExtractPipeline.run(
              bigQuery.services(),
              Stream.concat(warehouse, Arrays.stream(args).skip(1)).toArray(String[]::new));
    }

    System.exit(code);
  }
}
