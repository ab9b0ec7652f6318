package ml.bqx;

import com.google.api.services.dataflow.model.DataflowPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.doubles.FakeBigQuery;
import org.apache.beam.runners.dataflow.util.PackageUtil;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Describes an extraction for Dataflow, in a JVM of its own, as the launch of a Flex Template does:
 * the main writes the job's JSON instead of starting a job, and stages the pipeline's proto.
 */
public final class GraphBounds {
  /** The job as JSON, and the staged proto, in the directory. */
  static final String JOB = "job.json";

  /** The job's name, by which those who started it find it. */
  static final String JOB_NAME = "bqx-one-wave";

  static final String PROTO = "pipeline.pb";

  private GraphBounds() {}

  /** Arguments: the warehouse, a directory to work in, and the wave. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    Path file = Files.writeString(directory.resolve("nothing.txt"), "staged");
    Workplace place = new Workplace(directory, Path.of(args[0]));
    try (FakeBigQuery bigQuery = FakeBigQuery.over(place.warehouse())) {
      System.setProperty(LocalStager.DIRECTORY, directory.toString());
      Outcome outcome =
          BigQueryExtractionTest.extract(
              place,
              bigQuery,
              "--wave=" + args[2],
              // Reads of some days are longer than those of all.
              "--endDate=2024-01-01",
              "--runner=DataflowRunner",
              "--sharedDirectory",
              "--jobName=" + JOB_NAME,
              "--region=us-central1",
              "--gcpTempLocation=gs://bucket/temp",
              "--stagingLocation=gs://bucket/staging",
              "--pathValidatorClass=" + NoopPathValidator.class.getName(),
              "--stagerClass=" + LocalStager.class.getName(),
              "--filesToStage=" + file,
              "--templateLocation=" + directory.resolve(JOB));
      System.out.printf("code %d%n", outcome.code());
      // Of this thread, which builds and translates: other work on the machine must not count.
      long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      System.out.printf("seconds %.1f%n", nanos / 1e9);
      System.out.println(outcome.error());
    }

    System.exit(0);
  }

  /** Keeps in a directory what would be staged on Cloud Storage. */
  public static final class LocalStager implements Stager {
    static final String DIRECTORY = "bqx.staging";

    /** Found by name. */
    public static LocalStager fromOptions(PipelineOptions options) {
      return new LocalStager();
    }

    @Override
    public List<DataflowPackage> stageFiles(List<PackageUtil.StagedFile> files) {
      return List.of();
    }

    @Override
    public DataflowPackage stageToFile(byte[] bytes, String baseName) {
      try {
        Files.write(Path.of(System.getProperty(DIRECTORY), baseName), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }

      return new DataflowPackage().setName(baseName).setLocation("gs://bucket/" + baseName);
    }
  }
}
