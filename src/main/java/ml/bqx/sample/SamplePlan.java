package ml.bqx.sample;

import static ml.bqx.duckdb.DuckDb.literal;
import static ml.bqx.duckdb.DuckDb.quoted;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Pair;

/** Which tables a sample has, in which order, and which of them are defective. */
final class SamplePlan {
  /** How many minutes ahead each target looks. */
  static final List<Integer> HORIZONS = List.of(15, 30, 45, 60, 75, 90, 105);

  /** Rows after the spine, whose targets are not all known yet. */
  static final int UNKNOWN_ROWS = 105;

  /** Features of a table that no pipeline must pick up. */
  private static final int STRAY_FEATURES = 3;

  private final SampleConfig config;
  private final int kept;
  private final String marketTable;
  private final SampleMarket market;
  private final List<SampleTable> groups;
  private final Map<SampleDefect, String> defects = new EnumMap<>(SampleDefect.class);
  private final Set<String> walks = new TreeSet<>();
  private final List<Statement> statements = new ArrayList<>();

  /**
   * Makes a table.
   *
   * @param values about how many values it will have
   */
  record Statement(String sql, long values) {}

  /**
   * Plans a sample.
   *
   * @param kept minutes of the spine that the warehouse has already, 0 for a new one
   * @param marketTable the table of {@link SampleMarket} in SQL
   */
  SamplePlan(SampleConfig config, int kept, String marketTable) {
    this.config = config;
    this.kept = kept;
    this.marketTable = marketTable;
    this.market = new SampleMarket(config, config.minutes() + UNKNOWN_ROWS);
    PathMatcher wanted = FileSystems.getDefault().getPathMatcher("glob:" + config.tables());
    this.groups =
        config.size().of(config.pair()).stream()
            .filter(shape -> wanted.matches(Path.of(shape.table())))
            .map(shape -> new SampleTable(config, market, shape.table(), shape.features()))
            .toList();
    if (groups.size() < config.defects().size()) {
      throw new IllegalArgumentException(
          "Cannot build %d defects into %d tables: each needs its own table (%s)"
              .formatted(config.defects().size(), groups.size(), config.tables()));
    }

    groups();
    strays();
    targets();
  }

  List<String> marketStatements(String schema) {
    return market.statements(schema, walks);
  }

  List<Statement> statements() {
    return statements;
  }

  /** Equal for samples that have the same rows, of which one may have more. */
  static long fingerprint(SampleConfig config) {
    SamplePlan plan = new SamplePlan(config.withMinutes(1), 0, "market");
    return SampleNoise.seed(
        config.seed(),
        Stream.concat(
                plan.marketStatements("").stream(), plan.statements().stream().map(Statement::sql))
            .toArray(String[]::new));
  }

  /** What the sample will be, with so many rows and bytes. */
  Sample sample(long rows, long bytes) {
    return new Sample(
        config.file(),
        kept,
        statements.size(),
        groups.size(),
        groups.stream().mapToInt(SampleTable::features).sum(),
        HORIZONS.size(),
        rows,
        bytes,
        defects);
  }

  private void groups() {
    List<SampleDefect> open = new ArrayList<>(new TreeSet<>(config.defects()));
    for (SampleTable table : groups) {
      Set<SampleDefect> own = EnumSet.noneOf(SampleDefect.class);
      open.stream()
          .filter(defect -> defect.numbers() <= table.numberCount())
          .findFirst()
          .ifPresent(own::add);
      open.removeAll(own);

      feature(table, own);
      own.forEach(defect -> defects.put(defect, table.name()));
      if (own.contains(SampleDefect.CLASHING_NAMES)) {
        clash(table);
      }
    }

    if (!open.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot build in %s: no table is left that has enough features of type FLOAT64 (%s)"
              .formatted(open, config.tables()));
    }
  }

  /** A second table with the same words: without the pair both have one name. */
  private void clash(SampleTable table) {
    List<String> words = new ArrayList<>(Arrays.asList(table.name().split("_", -1)));
    words.removeIf(config.pair().name()::equals);
    words.add(0, config.pair().name());
    SampleTable twin = new SampleTable(config, market, String.join("_", words), STRAY_FEATURES);
    feature(twin, Set.of());
    defects.put(SampleDefect.CLASHING_NAMES, twin.name());
  }

  private void strays() {
    List<String> others =
        Pair.ALL.stream()
            .filter(pair -> !pair.equals(config.pair()))
            .map(Pair::name)
            .limit(3)
            .toList();
    List<String> names = new ArrayList<>();
    for (String stem : List.of("agg", "reg_bqx")) {
      others.forEach(other -> names.add(stem + "_" + other));
    }

    names.add("cov_agg_%s_%s".formatted(others.get(0), others.get(1)));
    names.addAll(List.of("mkt_summary", "csi_agg_summary"));
    names.addAll(List.of("tmp_mkt_vol", "tmp_merge"));
    names.add("agg_%s_summary".formatted(config.pair()));
    names.add("tmp_reg_%s".formatted(config.pair()));
    for (String name : names) {
      feature(new SampleTable(config, market, name, STRAY_FEATURES), Set.of());
    }
  }

  private void feature(SampleTable table, Set<SampleDefect> own) {
    walks.addAll(table.walks());
    String name = quoted(SampleWarehouse.FEATURES, table.name());
    if (kept == 0) {
      statement(
          "CREATE TABLE %s AS %s".formatted(name, table.query(marketTable, own)), table.features());
      return;
    }

    String later = "(FROM %s WHERE i >= %d)".formatted(marketTable, kept + UNKNOWN_ROWS);
    statement("INSERT INTO %s %s".formatted(name, table.query(later, own)), table.features());
  }

  /**
   * The change of the price until the horizon, in basis points; another pair has targets too. When
   * rows are appended the table is created again, because the last targets become known.
   */
  private void targets() {
    Pair other = Pair.ALL.get(config.pair().equals(Pair.ALL.get(0)) ? 1 : 0);
    for (Pair pair : List.of(config.pair(), other)) {
      walks.add(pair.name());
      String columns =
          HORIZONS.stream()
              .map(
                  horizon ->
                      "(lead(%1$s_u, %2$d) OVER () - %1$s_u) * %3$s * 1e4 AS target_bqx45_h%2$d"
                          .formatted(pair, horizon, SampleMarket.UNIT))
              .collect(Collectors.joining(", "));
      statement(
          "CREATE OR REPLACE TABLE %s AS SELECT ts AS %s, %s AS %s, %s FROM %s"
              .formatted(
                  quoted(SampleWarehouse.ANALYTICS, Catalog.targetsTable(pair)),
                  Catalog.KEY_COLUMN,
                  literal(pair.name()),
                  Catalog.PAIR_COLUMN,
                  columns,
                  marketTable),
          HORIZONS.size());
    }
  }

  private void statement(String sql, int columns) {
    statements.add(new Statement(sql, (long) columns * (config.minutes() - kept + UNKNOWN_ROWS)));
  }
}
