package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * What the layers of the images hold above their bases. The worker's libraries are not built for
 * tests: what {@code mvn -Pimages package} packs follows from the libraries and the pom's filters.
 */
class ImageLayersTest {
  /** Bytes; what a new version of a library pushes, and a new machine pulls. */
  private static final long LIBRARIES = 150_000_000;

  /** Bytes; what a new commit pushes. */
  private static final long JAR = 2_000_000;

  private static final String EXECUTION =
      "//profile[id='images']//execution[id='libraries']/configuration";

  /** Of a file in an archive: its headers, without its name. */
  private static final int HEADERS = 76;

  private static final Pattern LIBRARY =
      Pattern.compile(" +([^: ]+:[^: ]+):jar:(?:[^: ]+:)?[^: ]+:[a-z]+:(\\S+\\.jar).*");

  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(.*/)?(\\.env|.*\\.(pem|key|p12|pfx|jks|keystore)|id_[rd]sa.*|.*credential.*\\.json|.*service.?account.*\\.json|docker-compose.*)");

  /** Certificates that everybody may know, in the format of keys. */
  private static final Set<String> PUBLIC =
      Set.of(
          "com/google/api/client/googleapis/google.jks",
          "com/google/api/client/googleapis/google.p12");

  /** Entries of the worker's libraries, with their packed bytes. */
  private static Map<String, Long> libraries;

  @BeforeAll
  static void packLibraries() throws Exception {
    Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
    List<Pattern> artifacts = patterns(pom, EXECUTION + "/artifactSet/excludes/exclude", ":");
    List<Pattern> files =
        patterns(pom, EXECUTION + "/filters/filter[artifact='*:*']//exclude", "/");
    files.addAll(
        patterns(
            pom,
            "/project/build//plugin[artifactId='maven-shade-plugin']/configuration/filters/filter[artifact='*:*']//exclude",
            "/"));
    List<Pattern> ofCharts =
        patterns(pom, "/project/build//filter[artifact='org.webjars.npm:echarts']//include", "/");
    assertThat(artifacts).hasSizeGreaterThan(10);
    assertThat(files).hasSizeGreaterThan(50);
    libraries = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("target/libraries.txt"))) {
      Matcher library = LIBRARY.matcher(line);
      if (library.matches() && none(artifacts, library.group(1))) {
        boolean charts = library.group(1).endsWith(":echarts");
        add(Path.of(library.group(2)), name -> charts ? !none(ofCharts, name) : none(files, name));
      }
    }

    assertThat(libraries).hasSizeGreaterThan(50_000);
  }

  private static List<Pattern> patterns(Document pom, String path, String separator)
      throws Exception {
    XPath xpath = XPathFactory.newInstance().newXPath();
    NodeList nodes = (NodeList) xpath.evaluate(path, pom, XPathConstants.NODESET);
    List<Pattern> patterns = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      String wild = nodes.item(i).getTextContent();
      patterns.add(
          Pattern.compile(
              wild.replace(".", "\\.")
                  .replace("**", "\0")
                  .replace("*", "[^%s]*".formatted(separator))
                  .replace("\0/", "(.*/)?")
                  .replace("\0", ".*")));
    }

    return patterns;
  }

  private static boolean isSecret(String name) {
    return SECRET.matcher(name).matches() && !PUBLIC.contains(name);
  }

  private static boolean none(List<Pattern> patterns, String text) {
    return patterns.stream().noneMatch(pattern -> pattern.matcher(text).matches());
  }

  /** Which entries are packed. */
  @FunctionalInterface
  private interface Choice {
    boolean takes(String name);
  }

  private static void add(Path jar, Choice choice) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.stream()
          .filter(entry -> !entry.isDirectory() && choice.takes(entry.getName()))
          .forEach(
              entry ->
                  libraries.putIfAbsent(
                      entry.getName(),
                      entry.getCompressedSize() + HEADERS + 2L * entry.getName().length()));
    }
  }

  @Test
  void librariesOfTheWorkerAreThoseOfOneSystemAndNoMoreThan150Megabytes() {
    assertThat(libraries.values().stream().mapToLong(Long::longValue).sum()).isLessThan(LIBRARIES);
    assertThat(libraries.keySet())
        .contains(
            "libduckdb_java.so_linux_amd64",
            "linux/amd64/libzstd-jni-1.5.6-6.so",
            "org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so",
            "org/apache/beam/sdk/io/gcp/bigquery/BigQueryIO.class",
            "org/apache/hadoop/conf/Configuration.class")
        .noneMatch(name -> name.matches(".*\\.(dll|dylib|jnilib)"))
        .noneMatch(name -> name.matches(".*(aarch_?64|arm64|ppc64|s390x|riscv64).*\\.so.*"))
        .noneMatch(name -> name.startsWith("ml/bqx/"));
  }

  @Test
  void noLibraryBringsASecret() {
    assertThat(libraries.keySet()).noneMatch(ImageLayersTest::isSecret);
  }

  /** Of the worker that is our classes, and what is beside them. */
  @Test
  void aNewCommitPushesAboutOneMegabyte() throws IOException {
    CountedBytes packed = new CountedBytes();
    Set<String> names = new HashSet<>();
    Path classes = Path.of("target/classes");
    try (ZipOutputStream zip = new ZipOutputStream(packed);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = classes.relativize(file).toString();
        names.add(name);
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(file, zip);
      }
    }

    assertThat(packed.bytes).isLessThan(JAR);
    assertThat(names)
        .contains("ml/bqx/Main.class", "simplelogger.properties")
        .noneMatch(ImageLayersTest::isSecret);
    assertThat(Files.size(LauncherJar.FILE)).isLessThan(JAR);
  }

  @Test
  void layersOfTheLauncherHoldNoSecretAndNothingOfBeam() throws IOException {
    List<Path> jars = new ArrayList<>(LauncherJar.libraries());
    jars.add(LauncherJar.FILE);
    for (Path jar : jars) {
      assertThat(LauncherJar.entries(jar))
          .as("%s", jar)
          .noneMatch(name -> name.startsWith("org/apache/beam/"))
          .noneMatch(ImageLayersTest::isSecret);
    }
  }

  /** What changes with each commit comes last: a layer is pushed again if one below has changed. */
  @ParameterizedTest
  @ValueSource(strings = {"worker", "polars", "launcher"})
  void theJarIsTheLastLayerThatIsCopied(String target) throws IOException {
    List<String> layers =
        LauncherImage.lines(target).filter(line -> line.matches("(COPY|RUN) .*")).toList();
    List<String> copies = layers.stream().filter(line -> line.startsWith("COPY ")).toList();

    assertThat(copies).hasSize(2);
    assertThat(copies.get(0)).endsWith("/lib /bqx-ml/lib");
    assertThat(copies.get(1)).matches("COPY \\S+\\.jar /bqx-ml/bqx-ml(-launcher)?\\.jar");
    if (!target.equals("launcher")) {
      assertThat(layers).last().isEqualTo(copies.get(1));
    }
  }

  @Test
  void templatesHaveTheSameLayers() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("Dockerfile.template"));

    assertThat(lines.stream().filter(line -> line.startsWith("COPY ")))
        .containsExactly(
            "COPY target/worker/lib /template/lib",
            "COPY target/worker/bqx-ml-worker.jar /template/bqx-ml.jar");
    assertThat(lines)
        .contains(
            "ENV FLEX_TEMPLATE_JAVA_CLASSPATH=/template/bqx-ml.jar:/template/lib/bqx-ml-libraries.jar");
  }

  /** Counts what is written to it. */
  private static final class CountedBytes extends OutputStream {
    private long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      bytes += length;
    }
  }
}
