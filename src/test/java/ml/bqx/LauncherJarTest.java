package ml.bqx;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.doubles.FakeBigQuery;
import ml.bqx.launch.LaunchVariable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The launcher's own jar: what is in it, and that it launches with nothing else. */
class LauncherJarTest extends LaunchFixture {
  /** What a launcher has no use for, and what would make it a hundred times as large. */
  private static final Pattern FOREIGN =
      Pattern.compile("org/(apache/(beam|hadoop|parquet|avro|arrow)|duckdb|xerial)/.*");

  /** Bytes of the jar and its libraries. */
  private static final long LARGEST = 20_000_000;

  /**
   * Where the classes of the launcher lead to what it never does: {@code Storage} opens Parquet
   * files too, an option that is not ours is Beam's in a pipeline, and codecs have native parts.
   */
  private static final Set<String> DOORS =
      Set.of("ml.bqx.parquet", "ml.bqx.cli.BeamArguments", "ml.bqx.cli.NativeLibraries");

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  /** Kilobytes of a megabyte. */
  private static final long MEGABYTE = 1024;

  private FakeBigQuery bigQuery;

  @BeforeEach
  void openWarehouse() throws Exception {
    bigQuery = FakeBigQuery.over(sets.warehouse());
    site.with("BIGQUERY_ENDPOINT", bigQuery.endpoint())
        .with("PROJECT", "test-project")
        .with("TIMEOUT_MINUTES", "1");
  }

  @AfterEach
  void closeWarehouse() throws Exception {
    bigQuery.close();
  }

  @Test
  void itHasTheClassesThatALaunchNeedsAndNoneThatKnowBeam() throws IOException {
    JavaClasses all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("ml.bqx");
    Set<String> needed = reachable(all.get(JobLauncher.class));
    Set<String> there =
        LauncherJar.entries(LauncherJar.FILE).stream()
            .filter(entry -> entry.endsWith(".class") && !entry.endsWith("package-info.class"))
            .map(entry -> entry.replace(".class", "").replace('/', '.'))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(there).containsAll(needed);
    assertThat(there)
        .filteredOn(name -> !isDoor(name))
        .allSatisfy(
            name ->
                assertThat(all.get(name).getDirectDependenciesFromSelf())
                    .extracting(each -> each.getTargetClass().getName().replace('.', '/'))
                    .noneMatch(target -> FOREIGN.matcher(target).matches()));
  }

  /** Our classes that one leads to, without those behind a door. */
  private static Set<String> reachable(JavaClass first) {
    Set<String> reached = new TreeSet<>(Set.of(first.getName()));
    Deque<JavaClass> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      for (Dependency dependency : open.remove().getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (resideInAPackage("ml.bqx..").test(target)
            && !isDoor(target.getName())
            && reached.add(target.getName())) {
          open.add(target);
        }
      }
    }

    return reached;
  }

  private static boolean isDoor(String name) {
    return DOORS.stream().anyMatch(name::startsWith);
  }

  @Test
  void itsLibrariesAreThoseOfItsManifestAndNothingOfBeamIsAmongThem() throws IOException {
    long bytes = Files.size(LauncherJar.FILE);
    List<String> names = new ArrayList<>();
    for (Path library : LauncherJar.libraries()) {
      bytes += Files.size(library);
      names.add("lib/" + library.getFileName());
      assertThat(LauncherJar.entries(library))
          .as("%s", library)
          .noneMatch(entry -> FOREIGN.matcher(entry).matches());
    }

    assertThat(names).containsExactlyInAnyOrderElementsOf(LauncherJar.classPath());
    assertThat(bytes).isLessThan(LARGEST);
  }

  /** On an idle machine it takes 0.3 s, most of it for classes. */
  @Test
  void itsHelpNamesAllVariablesAndLoadsFewClasses() throws Exception {
    Path log = directory.resolve("log");
    List<String> options = List.of("-Xlog:class+load:file=" + directory.resolve("classes"));

    run(log, options, "launch", "--help");

    String help = Files.readString(log);
    for (LaunchVariable variable : LaunchVariable.values()) {
      assertThat(help).contains(variable.name());
    }

    assertThat(Files.readAllLines(directory.resolve("classes"))).hasSizeLessThan(1_500);
  }

  @Test
  void aSecondNightReadsOnlyTheTablesThatHaveNewRowsAndNeeds128Megabytes() throws Exception {
    Workplace place = new Workplace(site.bucket, sets.warehouse());
    assertDone(BigQueryExtractionTest.extract(place, bigQuery));
    assertThat(launch("extract")).contains("eurusd  already complete");
    assertThat(site.dataflow.launches()).isEmpty();

    for (String table : List.of("agg_bqx_eurusd", "mkt_regime", "csi_agg_aud")) {
      bigQuery.written.put(table, Instant.now().minusSeconds(1));
    }

    List<Outcome> extractions = new CopyOnWriteArrayList<>();
    site.dataflow.onLaunch =
        job -> job.whenDone(() -> extractions.add(BigQueryExtractionTest.extract(place, bigQuery)));

    assertThat(launch("extract"))
        .contains("3 tables are new, changed or gone")
        .containsPattern("eurusd +done +2,500 +157 ");
    assertThat(extractions.get(0).summary("checkpoints extracted")).isEqualTo("3");
  }

  @Test
  void aMergeIsLaunchedAndVerifiedByCardAndObject() throws Exception {
    site.checkpoints(sets.aligned());
    site.publishManifest();
    site.dataflow.onLaunch =
        job -> job.whenDone(() -> assertDone(site.place().merge("--mergeMethod=stream")));

    assertThat(launch("merge")).containsPattern("eurusd +done +2,500 +157 ");
  }

  @Test
  void whatItDoesNotDoItselfItSays() throws Exception {
    site.with("MERGE_METHOD", "stream");
    Path log = directory.resolve("log");
    Process process = site.startJar(log, List.of(), "merge");

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(Files.readString(log))
        .contains("error: MERGE_METHOD: this launcher starts Dataflow jobs and merges nothing")
        .doesNotContain("\tat ");
  }

  /** Launches with the options of the image, and gives the log. */
  private String launch(String kind) throws Exception {
    List<String> options = new ArrayList<>(List.of("--rowGroupRows=" + Workplace.ROW_GROUP_ROWS));
    if (kind.equals("extract")) {
      options.add("--shardRows=" + Workplace.SHARD_ROWS);
    }

    Path log = directory.resolve("launch.log");
    run(
        log,
        LauncherImage.javaOptions("launcher"),
        Stream.concat(Stream.of(kind), options.stream()).toArray(String[]::new));

    return Files.readString(log);
  }

  private void run(Path log, List<String> options, String... args) throws Exception {
    Process process = site.startJar(log, options, args);
    long peak = 0;
    try {
      while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peak(process));
      }
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as("%s", Files.readString(log)).isZero();
    assertThat(peak).as("kilobytes at most").isLessThan(128 * MEGABYTE);
  }

  /**
   * The most memory that a process has had, in kilobytes; 0 where the system does not tell, or no
   * longer.
   */
  private static long peak(Process process) {
    try {
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      Matcher peak = PEAK.matcher(Files.readString(status));

      return peak.find() ? Long.parseLong(peak.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
