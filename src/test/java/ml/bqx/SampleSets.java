package ml.bqx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ml.bqx.catalog.Pair;
import ml.bqx.sample.Sample;
import ml.bqx.sample.SampleDefect;
import ml.bqx.sample.Samples;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One sample warehouse for all tests of a run, with an extraction of it in each layout: made when a
 * test first asks for it, and not to be changed by any.
 */
public final class SampleSets implements ParameterResolver {
  /** Of every kind of table some, with all types, gaps and a table without rows. */
  public static final String TABLES =
      "{agg_*,regime_*,mkt_regime,mkt_sentiment,corr_ibkr_*_ewa,cyc_*,tri_agg_bqx_aud_usd_c*,"
          + "csi_agg_aud,var_agg_bqx_eur}";

  /** The feature tables that these are, in the order of their groups' names. */
  static final List<String> FEATURE_TABLES =
      List.of(
          "agg_eurusd",
          "agg_bqx_eurusd",
          "agg_idx_eurusd",
          "corr_ibkr_eurusd_ewa",
          "csi_agg_aud",
          "cyc_bqx_eurusd",
          "mkt_regime",
          "mkt_sentiment",
          "regime_eurusd_45",
          "regime_eurusd_90",
          "regime_bqx_eurusd_45",
          "regime_bqx_eurusd_90",
          "tri_agg_bqx_aud_usd_cad",
          "tri_agg_bqx_aud_usd_chf",
          "var_agg_bqx_eur");

  /** The one of them that has no rows. */
  static final String EMPTY_TABLE = "agg_eurusd";

  /** Rows of the spine: a day and a part of the next. */
  public static final int MINUTES = 2_500;

  /** The sample, and where it was extracted to. */
  static final class Sets implements AutoCloseable {
    final Path root;
    final Sample sample;
    private Workplace aligned;
    private Workplace sharded;

    private Sets() {
      try {
        root = Files.createTempDirectory("bqx-sample");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }

      Path file = root.resolve("warehouse.duckdb");
      sample =
          Samples.of(file, Pair.of(Workplace.PAIR), MINUTES)
              .withTables(TABLES)
              .withDefects(SampleDefect.EMPTY_TABLE)
              .create();
    }

    Path warehouse() {
      return sample.file();
    }

    /** The aligned set, to look at. */
    synchronized Workplace aligned() {
      if (aligned == null) {
        aligned = extracted("aligned");
      }

      return aligned;
    }

    /** The sharded set, to look at. */
    synchronized Workplace sharded() {
      if (sharded == null) {
        sharded = extracted("sharded");
      }

      return sharded;
    }

    private Workplace extracted(String layout) {
      Workplace place = new Workplace(root.resolve(layout), warehouse());
      Workplace.assertDone(place.extract("--layout=" + layout));

      return place;
    }

    /** A copy of a set, to change. */
    Workplace copy(Workplace set, Path root) throws IOException {
      Workplace place = new Workplace(root, set.warehouse());
      Workplace.copy(set.checkpoints(), place.checkpoints());

      return place;
    }

    @Override
    public void close() throws IOException {
      try (Stream<Path> files = Files.walk(root)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Sets.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(SampleSets.class))
        .getOrComputeIfAbsent(Sets.class, type -> new Sets(), Sets.class);
  }
}
