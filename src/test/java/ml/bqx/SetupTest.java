package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/setup.sh} against a gcloud that only remembers what it was told to create. */
class SetupTest {
  /**
   * Keeps the commands that change something in the file {@code done}. It describes what one of
   * them created, and finds a member's role in a policy that one of them added to.
   */
  private static final String GCLOUD =
      """
      #!/usr/bin/env bash
      here=$(dirname "$0") all=$*
      case "$*" in
        *" describe "*)
          words=${all/ describe / create }
          words=${words%% --*}
          # Accounts are created by name and described by address.
          grep -qF "${words%%@*}" "$here/done" ;;
        *" policies list "*)
          name=${all##*userLabels.bqx-ml=}
          grep -F "deploy/monitoring/alert-${name%% *}.json" "$here/done" ;;
        *" dashboards list "*)
          grep -F " dashboards create " "$here/done" ;;
        *" get-iam-policy "*)
          words=${all/ get-iam-policy / add-iam-policy-binding }
          member=${all##*--filter=bindings.members=}
          grep -F -- "${words%% --*} " "$here/done" | grep -F -- "--member=$member " |
            sed -E 's/.*--role=([^ ]+).*/\\1/' ;;
        *) echo "$* " >> "$here/done" ;;
      esac
      """;

  @TempDir Path directory;

  @BeforeEach
  void installDoubles() throws IOException {
    Files.createFile(directory.resolve("done"));
    for (String name : List.of("gcloud", "bq")) {
      new DeployScript(directory).install(name, GCLOUD);
    }
  }

  @Test
  void secondRunFindsEverythingAndCreatesNothing() throws Exception {
    String first = run(Map.of("PROJECT", "my-project"), 0);
    List<String> created = changes();
    String second = run(Map.of("PROJECT", "my-project"), 0);

    assertThat(first).contains(": created").doesNotContain(": exists");
    assertThat(created).filteredOn(SetupTest::creates).hasSize(35).doesNotHaveDuplicates();
    assertThat(second)
        .contains("bucket my-project-bqx-ml-data: exists", "account bqx-ml-worker: exists")
        .doesNotContain(": created");
    assertThat(changes().subList(created.size(), changes().size())).noneMatch(SetupTest::creates);
  }

  @Test
  void continuesWhereItWasInterrupted() throws Exception {
    Files.writeString(
        directory.resolve("done"), "iam service-accounts create bqx-ml-worker --display-name=x \n");

    assertThat(run(Map.of("PROJECT", "my-project"), 0))
        .contains("account bqx-ml-worker: exists", "account bqx-ml-launcher: created");
  }

  @Test
  void dryRunPrintsTheCommandsAndSendsNothing() throws Exception {
    String printed = run(Map.of("PROJECT", "my-project", "DRY_RUN", "1"), 0);

    assertThat(printed.lines())
        .hasSizeGreaterThan(30)
        .allMatch(line -> line.startsWith("gcloud ") || line.startsWith("bq "));
    assertThat(changes()).isEmpty();
  }

  @Test
  void workersCannotChangeTheTemplatesThatAreLaunched() throws Exception {
    assertThat(run(Map.of("PROJECT", "my-project", "DRY_RUN", "1"), 0).lines())
        .filteredOn(line -> line.contains("gs://my-project-bqx-ml-jobs"))
        .isNotEmpty()
        .noneMatch(line -> line.contains("bqx-ml-worker"));
  }

  @Test
  void namesTheVariableThatIsMissing() throws Exception {
    assertThat(run(Map.of("PROJECT", ""), 1))
        .contains("Set PROJECT to the id of a Google Cloud project")
        .hasLineCount(1);
    assertThat(changes()).isEmpty();
  }

  private static boolean creates(String command) {
    return command.contains(" create ") || command.contains(" add-iam-policy-binding ");
  }

  private List<String> changes() throws IOException {
    return Files.readAllLines(directory.resolve("done"));
  }

  private String run(Map<String, String> environment, int code) throws Exception {
    return new DeployScript(directory).run(environment, code, "deploy/setup.sh");
  }
}
