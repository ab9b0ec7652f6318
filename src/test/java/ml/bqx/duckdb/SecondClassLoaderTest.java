package ml.bqx.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A worker of Flink's has a class loader for each job, all of them in one JVM. */
class SecondClassLoaderTest {
  @Test
  void opensADatabaseBesideTheFirst() throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      URI place = Path.of(entry).toUri();
      classPath.add(place.toURL());
    }

    DuckDb.openInMemory().close();
    try (URLClassLoader loader =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> second = loader.loadClass(DuckDb.class.getName());
      assertThat(second).isNotEqualTo(DuckDb.class);

      Object connection = second.getMethod("openInMemory").invoke(null);

      assertThat(connection.getClass().getClassLoader()).isEqualTo(loader);
      ((AutoCloseable) connection).close();
    }
  }
}
