package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.dataflow.model.DataflowPackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.dataflow.util.PackageUtil;
import org.apache.beam.runners.dataflow.util.Stager;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.storage.NoopPathValidator;
import org.apache.beam.sdk.options.PipelineOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mains as a Flex Template's launcher runs them: with the real Dataflow runner, which writes
 * the job to a file, and whose result throws when somebody waits for it.
 */
@ExtendWith(SampleSets.class)
class FlexTemplateMainTest {
  private static SampleSets.Sets sets;

  @TempDir Path directory;

  @BeforeAll
  static void share(SampleSets.Sets shared) {
    sets = shared;
  }

  @Test
  void extractSubmitsItsJobAndEnds() throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());

    Outcome outcome = place.extract(template("--groups=agg_*"));

    assertDone(outcome);
    assertThat(outcome.err()).contains("extract eurusd: submitted to Dataflow");
    assertThat(outcome.out()).isEmpty();
    assertThat(Files.readString(jobFile())).contains("Extract eurusd", "Publish manifest");
    assertThat(place.manifest()).doesNotExist();
  }

  @Test
  void mergeSubmitsItsJobAndEnds() throws Exception {
    Workplace place = new Workplace(directory, sets.warehouse());

    Outcome outcome = place.merge(template("--checkpoints=" + sets.aligned().checkpoints()));

    assertDone(outcome);
    assertThat(outcome.err()).contains("merge eurusd: submitted to Dataflow");
    assertThat(outcome.out()).isEmpty();
    assertThat(Files.readString(jobFile())).contains("Merge eurusd");
    assertThat(place.trainingFile()).doesNotExist();
  }

  private Path jobFile() {
    return directory.resolve("job_object");
  }

  private String[] template(String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of(more));
    args.addAll(
        List.of(
            "--runner=DataflowRunner",
            "--sharedDirectory",
            "--project=my-project",
            "--region=us-central1",
            "--jobName=bqx-test",
            "--tempLocation=gs://bucket/temp",
            "--gcpTempLocation=gs://bucket/temp",
            "--stagingLocation=gs://bucket/staging",
            "--templateLocation=" + jobFile(),
            "--filesToStage=" + Files.writeString(directory.resolve("classes.txt"), "none"),
            "--stagerClass=" + NoStager.class.getName(),
            "--pathValidatorClass=" + NoopPathValidator.class.getName(),
            "--credentialFactoryClass=" + NoopCredentialFactory.class.getName()));

    return args.toArray(String[]::new);
  }

  /** In place of uploading the classes to a bucket. */
  public static final class NoStager implements Stager {
    /** Beam calls it. */
    public static NoStager fromOptions(PipelineOptions options) {
      return new NoStager();
    }

    @Override
    public List<DataflowPackage> stageFiles(List<PackageUtil.StagedFile> files) {
      return List.of();
    }

    @Override
    public DataflowPackage stageToFile(byte[] bytes, String baseName) {
      return new DataflowPackage().setName(baseName).setLocation("gs://bucket/staging/" + baseName);
    }
  }
}
