package ml.bqx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The launcher's own jar, and the libraries beside it, as the build has made them. */
final class LauncherJar {
  static final Path FILE = Path.of("target/launcher/bqx-ml-launcher.jar");

  private LauncherJar() {}

  /** Its entries that are files. */
  static List<String> entries(Path jar) throws IOException {
    try (JarFile opened = new JarFile(jar.toFile())) {
      return opened.stream()
          .filter(entry -> !entry.isDirectory())
          .map(entry -> entry.getName())
          .collect(Collectors.toList());
    }
  }

  /** What its manifest says that it runs with. */
  static List<String> classPath() throws IOException {
    try (JarFile opened = new JarFile(FILE.toFile())) {
      String value = opened.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);

      return List.of(value.strip().split("\\s+"));
    }
  }

  /** The libraries that are beside it. */
  static List<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.list(FILE.resolveSibling("lib"))) {
      return files.sorted().toList();
    }
  }
}
