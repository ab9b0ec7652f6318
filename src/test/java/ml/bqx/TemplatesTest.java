package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code deploy/templates.sh} with a docker that knows one image, and writes down what it builds.
 */
class TemplatesTest {
  private static final String BASE = "gcr.io/base/launcher";
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  private static final String DOCKER =
      """
      #!/usr/bin/env bash
      case "$*" in
        "pull --quiet gcr.io/base/launcher:latest") ;;
        "image inspect --format="*" gcr.io/base/launcher:latest") cat "$(dirname "$0")/digests" ;;
        "build "*) echo "$*" >> "$(dirname "$0")/built" ;;
        *) exit 3 ;;
      esac
      """;

  @TempDir Path directory;

  @BeforeEach
  void installDouble() throws IOException {
    new DeployScript(directory).install("docker", DOCKER);
    Files.writeString(
        directory.resolve("digests"),
        "gcr.io/other/launcher@%s\n%s@%s\n".formatted("sha256:" + "f".repeat(64), BASE, DIGEST));
  }

  @Test
  void bothTemplatesHaveTheBaseThatTheTagStandsForAndSaySo() throws Exception {
    assertThat(build(BASE + ":latest", 0))
        .contains("base of the templates: %s@%s".formatted(BASE, DIGEST));

    assertThat(Files.readAllLines(directory.resolve("built")))
        .containsExactly(
            command("extract", "ml.bqx.ExtractPipeline", BASE + ":latest"),
            command("merge", "ml.bqx.MergePipeline", BASE + ":latest"));
    for (String main : new String[] {"ml.bqx.ExtractPipeline", "ml.bqx.MergePipeline"}) {
      assertThat(Class.forName(main).getMethod("main", String[].class)).isNotNull();
    }
  }

  @Test
  void aDigestIsTakenAsItIs() throws Exception {
    String pinned = BASE + "@" + DIGEST;

    build(pinned, 0);

    assertThat(Files.readAllLines(directory.resolve("built")))
        .containsExactly(
            command("extract", "ml.bqx.ExtractPipeline", pinned),
            command("merge", "ml.bqx.MergePipeline", pinned));
  }

  @ParameterizedTest
  @CsvSource({"gcr.io/base/other:latest, 3", "gcr.io/base/launcher:latest, 1"})
  void withoutADigestNothingIsBuilt(String base, int code) throws Exception {
    Files.writeString(directory.resolve("digests"), "\n");

    String log = build(base, code);

    assertThat(directory.resolve("built")).doesNotExist();
    if (code == 1) {
      assertThat(log)
          .contains(
              "error: %s has no digest: give one with TEMPLATE_BASE=NAME@sha256:..."
                  .formatted(base));
    }
  }

  private static String command(String template, String main, String name) {
    return ("build --file=Dockerfile.template --build-arg=BASE=%s@%s --build-arg=MAIN_CLASS=%s"
            + " --label=org.opencontainers.image.base.name=%s"
            + " --label=org.opencontainers.image.base.digest=%2$s --tag=repository/%s:v1 .")
        .formatted(BASE, DIGEST, main, name, template);
  }

  private String build(String base, int code) throws Exception {
    return new DeployScript(directory)
        .run(Map.of(), code, "deploy/templates.sh", base, "repository", "v1");
  }
}
