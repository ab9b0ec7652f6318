package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointFile;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.training.TrainingCard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages for people, against the code and against each other. */
class DocumentationTest {
  private static final Path REFERENCE = Path.of("docs/commands.md");
  private static final Path FILES = Path.of("docs/files.md");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\">");

  private final Console console = new Console();

  @AfterEach
  void release() {
    console.close();
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("docs"))) {
      return Stream.concat(
              Stream.of(
                      "README.md",
                      "CHANGELOG.md",
                      "CONTRIBUTING.md",
                      "SECURITY.md",
                      "bench/README.md",
                      "emulators/README.md")
                  .map(Path::of),
              files.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  @Test
  void referenceIsWhatTheOptionsSay() throws IOException {
    assertThat(Files.readString(REFERENCE))
        .as("an option has changed: run make docs")
        .isEqualTo(CommandReferenceMain.page());
  }

  @Test
  void referenceHasEveryCommand() {
    Main.run("help");

    assertThat(matches("(?m)^## (\\w+)$", CommandReferenceMain.page()))
        .containsExactlyElementsOf(matches("(?m)^  (\\w+) ", console.out()));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadToFilesAndHeadings(Path page) throws IOException {
    List<String> links =
        LINK.matcher(Files.readString(page))
            .results()
            .map(link -> link.group(1))
            .filter(link -> !link.contains("://"))
            .toList();

    assertThat(links)
        .allSatisfy(
            link -> {
              String[] parts = link.split("#", 2);
              Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
              assertThat(target).exists();
              if (parts.length == 2) {
                assertThat(anchors(target)).as(link).contains(parts[1]);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("pages")
  void makeTargetsExist(Path page) throws IOException {
    Set<String> targets =
        Set.copyOf(matches("(?m)^([a-z-]+):.*##", Files.readString(Path.of("Makefile"))));

    assertThat(matches("(?:^    |`)make ([a-z-]+)", Files.readString(page)))
        .allMatch(targets::contains);
  }

  @Test
  void readmeStaysShort() throws IOException {
    assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(150);
  }

  @Test
  void indexListsEveryPage() throws IOException {
    String index = Files.readString(Path.of("docs/README.md"));

    assertThat(pages())
        .allSatisfy(
            page ->
                assertThat(index)
                    .containsAnyOf(
                        "](" + Path.of("docs").relativize(page) + ")",
                        page.endsWith("docs/README.md") ? "# Documentation" : "](" + page + ")"));
  }

  @Test
  void everyFieldOfTheManifestIsExplained() throws IOException {
    String page = Files.readString(FILES);

    assertThat(page).contains("| `version` | of this format: %d |".formatted(Manifest.VERSION));
    assertThat(
            Stream.of(
                    Manifest.class,
                    Manifest.SpineEntry.class,
                    CheckpointEntry.class,
                    CheckpointEntry.ColumnEntry.class,
                    CheckpointFile.class)
                .flatMap(type -> Stream.of(type.getRecordComponents()))
                .map(RecordComponent::getName))
        .allSatisfy(name -> assertThat(page).containsPattern("[`.]" + name + "(\\[\\].\\w+)?`"));
  }

  @Test
  void everyFieldOfTheCardIsExplained() throws IOException {
    String page = Files.readString(FILES);
    String card = page.substring(page.indexOf("## Card"), page.indexOf("## Checking files"));

    assertThat(
            Stream.of(
                    TrainingCard.class, TrainingCard.ColumnCard.class, TrainingCard.PartCard.class)
                .flatMap(type -> Stream.of(type.getRecordComponents()))
                .map(RecordComponent::getName))
        .allSatisfy(name -> assertThat(card).contains("`" + name + "`"));
  }

  @Test
  void everyKeyOfAFooterIsExplained() throws IllegalAccessException, IOException {
    List<String> keys = new ArrayList<>();
    for (Field field : FooterKeys.class.getFields()) {
      keys.add((String) field.get(null));
    }

    assertThat(keys).hasSizeGreaterThan(10);
    assertThat(Files.readString(FILES)).contains(keys.stream().map("`%s`"::formatted).toList());
  }

  @Test
  void classesOfTheTourExist() throws IOException {
    String page = Files.readString(Path.of("CONTRIBUTING.md"));
    String tour = page.substring(page.indexOf("## A tour"), page.indexOf("## Adding a merge"));

    assertThat(matches("`((?:[a-z]+\\.)*[A-Z]\\w+)`", tour.replace("`CoGroupByKey`", "")))
        .hasSizeGreaterThan(40)
        .allSatisfy(
            name ->
                assertThat(Path.of("src/main/java/ml/bqx", name.replace('.', '/') + ".java"))
                    .exists());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void testsThatPagesNameExist(Path page) throws IOException {
    List<String> named = matches("`(\\w+Test)`", Files.readString(page));

    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsAll(named.stream().map(name -> name + ".java").toList());
    }
  }

  private static Set<String> anchors(Path page) throws IOException {
    String text = Files.readString(page);
    return Stream.concat(
            HEADING.matcher(text).results().map(MatchResult::group).map(DocumentationTest::anchor),
            ANCHOR.matcher(text).results().map(anchor -> anchor.group(1)))
        .collect(Collectors.toSet());
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\w\\- ]", "")
        .replace(' ', '-');
  }

  private static List<String> matches(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(match -> match.group(1)).toList();
  }
}
