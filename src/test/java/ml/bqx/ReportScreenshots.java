package ml.bqx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Takes pictures of a report in headless Chromium: {@code make screenshots}. Arguments: the page,
 * the directory of the pictures, and the picture of the first screen for the README.
 */
public final class ReportScreenshots {
  /** Of the picture in the README: more would weigh on every clone. */
  private static final int MOST_BYTES = 20_000;

  private static final int BEST_QUALITY = 80;
  private static final int WORST_QUALITY = 5;

  /** Of the first screen, pixels; it is taken smaller, as the README shows it. */
  private static final int FIRST_WIDTH = 1_280;

  private static final int FIRST_HEIGHT = 640;
  private static final double FIRST_SCALE = 0.7;

  private ReportScreenshots() {}

  /** Takes the pictures. */
  public static void main(String[] args) throws IOException {
    Path page = Path.of(args[0]).toAbsolutePath();
    Path directory = Files.createDirectories(Path.of(args[1]));
    try (Browser browser = Browser.start()) {
      for (String scheme : new String[] {"light", "dark"}) {
        take(browser, page, directory.resolve("wide-" + scheme + ".png"), 1600, scheme);
        take(browser, page, directory.resolve("narrow-" + scheme + ".png"), 390, scheme);
      }

      browser.show(FIRST_WIDTH, FIRST_HEIGHT, "light");
      browser.open(page);
      Files.write(directory.resolve("print.pdf"), browser.print());
      Files.write(Path.of(args[2]), firstScreen(browser));
    }
  }

  private static void take(Browser browser, Path page, Path picture, int width, String scheme)
      throws IOException {
    browser.show(width, 1000, scheme);
    browser.open(page);
    Files.write(picture, browser.picture(Map.of("format", "png", "captureBeyondViewport", true)));
    System.out.printf("%s, %,d bytes%n", picture, Files.size(picture));
  }

  /** As good as it can be in so few bytes. */
  private static byte[] firstScreen(Browser browser) {
    for (int quality = BEST_QUALITY; quality >= WORST_QUALITY; quality -= 5) {
      byte[] picture =
          browser.picture(
              Map.of(
                  "format",
                  "webp",
                  "quality",
                  quality,
                  "clip",
                  Map.of(
                      "x",
                      0,
                      "y",
                      0,
                      "width",
                      FIRST_WIDTH,
                      "height",
                      FIRST_HEIGHT,
                      "scale",
                      FIRST_SCALE)));
      if (picture.length <= MOST_BYTES) {
        System.out.printf("first screen with quality %d, %,d bytes%n", quality, picture.length);
        return picture;
      }
    }

    throw new IllegalStateException(
        "The first screen does not fit into %,d bytes".formatted(MOST_BYTES));
  }
}
