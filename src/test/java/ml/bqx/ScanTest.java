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

/** {@code deploy/scan.sh} with a gcloud that finds what a test says. */
class ScanTest {
  private static final String GCLOUD =
      """
      #!/usr/bin/env bash
      case "$*" in
        *" scan image:1 "*) echo projects/p/locations/us/scans/1 ;;
        *" list-vulnerabilities projects/p/locations/us/scans/1 "*) cat "$(dirname "$0")/found" ;;
        *) exit 3 ;;
      esac
      """;

  @TempDir Path directory;

  @BeforeEach
  void installDouble() throws IOException {
    new DeployScript(directory).install("gcloud", GCLOUD);
    Files.writeString(directory.resolve("found"), "HIGH\tCVE-2\nCRITICAL\tCVE-1\n");
  }

  @ParameterizedTest
  @CsvSource({"CRITICAL, 1", "HIGH, 1", "MEDIUM, 0", "NONE, 0"})
  void onlyVulnerabilitiesAsGraveAsThatStopTheBuild(String severity, int code) throws Exception {
    assertThat(scan("image:1", severity, code))
        .contains("image:1: 2 known vulnerabilities", "CVE-1", "CVE-2");
  }

  @Test
  void withoutVulnerabilitiesItPasses() throws Exception {
    Files.writeString(directory.resolve("found"), "");

    assertThat(scan("image:1", "CRITICAL", 0)).contains("image:1: 0 known vulnerabilities");
  }

  @Test
  void aScanThatFailsIsNotTakenForOneThatFoundNothing() throws Exception {
    scan("other:1", "CRITICAL", 3);
  }

  private String scan(String image, String severity, int code) throws Exception {
    return new DeployScript(directory).run(Map.of(), code, "deploy/scan.sh", image, severity);
  }
}
