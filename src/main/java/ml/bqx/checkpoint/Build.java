package ml.bqx.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The build of the program, from {@code build.properties}. */
public final class Build {
  private static final Properties PROPERTIES = load();

  /** Name and version of the program, for manifests and footers: {@code bqx-ml 1.2.3}. */
  public static final String NAME_AND_VERSION = "bqx-ml " + PROPERTIES.getProperty("version");

  /**
   * Part of the fingerprint of every checkpoint. The version is not: checkpoints stay valid across
   * releases until this number is raised.
   */
  static final int CHECKPOINT_FORMAT =
      Integer.parseInt(PROPERTIES.getProperty("checkpoint.format"));

  private Build() {}

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
