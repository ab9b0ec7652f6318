package ml.bqx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassArchiveMainTest {
  /** Whatever is not run is not archived; whatever fails must fail the build. */
  @Test
  void allLocalCommandsAreRun() throws Exception {
    try (Console console = new Console()) {
      ClassArchiveMain.main(new String[0]);

      assertThat(console.out())
          .contains("extracted eurusd", "checked ", "verified eurusd")
          .containsSubsequence("merged eurusd", "merged eurusd", "merged eurusd");
    }
  }

  /** The same options as the jar's manifest opens, which only java -jar reads. */
  @Test
  void theBuildArchivesWhatTheJarRuns() throws Exception {
    String opens =
        Files.readString(Path.of("pom.xml"))
            .replaceAll("(?s).*<jvm.opens>(.*)</jvm.opens>.*", "$1");

    assertThat(Files.readString(Path.of("Makefile"))).contains("OPENS := " + opens + "\n");
  }

  /** An archive is for one class path and one way to log. */
  @Test
  void startScriptRunsWhatIsArchived() throws Exception {
    String makefile = Files.readString(Path.of("Makefile"));
    String logging = makefile.replaceAll("(?s).*\nLOGGING := ([^\n]*)\n.*", "$1");

    assertThat(makefile)
        .contains("$(OPENS) $(LOGGING) -cp $(CURDIR)/$(START) ml.bqx.ClassArchiveMain")
        .contains("\nSTART := target/bqx.jar\n");
    assertThat(Files.readString(Path.of("bqx")))
        .contains("  " + logging + " \\\n", "jar=\"$here/bqx.jar\"\n");
  }

  /** The JVM refuses two. */
  @ParameterizedTest
  @CsvSource({"'', -XX:+UseSerialGC", "-Xmx1g, -XX:+UseSerialGC", "-XX:+UseG1GC, -XX:+UseG1GC"})
  void startScriptNamesOneCollector(String options, String collector) throws Exception {
    ProcessBuilder script = new ProcessBuilder("./bqx", "--version").redirectErrorStream(true);
    script.environment().putAll(Map.of("JAVA", "echo", "BQX_JAVA_OPTIONS", options));
    Process process = script.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.trim().split(" "))
        .contains("--version")
        .filteredOn(argument -> argument.endsWith("GC"))
        .containsExactly(collector);
  }
}
