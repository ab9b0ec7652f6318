package ml.bqx.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tables for tests of the catalog. */
final class Tables {
  static final Column KEY =
      new Column("interval_time", "TIMESTAMP", ColumnType.of(ColumnType.Kind.TIMESTAMP));

  private Tables() {}

  /** A table with the key column and FLOAT64 columns of these names. */
  static Table table(String name, String... features) {
    List<Column> columns = new ArrayList<>(List.of(KEY));
    for (String feature : features) {
      columns.add(column(feature));
    }

    return new Table("features", name, columns, null);
  }

  static Table targets(String pair) {
    return new Table("analytics", "targets_" + pair, List.of(KEY, column("target_h15")), null);
  }

  static Column column(String name) {
    return new Column(name, "DOUBLE", ColumnType.of(ColumnType.Kind.FLOAT64));
  }

  static Dataset features(Table... tables) {
    return new Dataset("features", List.of(tables));
  }

  static Dataset analytics(Table... tables) {
    return new Dataset("analytics", List.of(tables));
  }

  /** The real layout of eurusd: a table with as many columns as it has features. */
  static List<Table> layout() {
    List<Table> tables = new ArrayList<>();
    for (String line : lines()) {
      String[] fields = line.split("\t", -1);
      String[] features = new String[Integer.parseInt(fields[1])];
      for (int i = 0; i < features.length; i++) {
        features[i] = "f" + i;
      }

      tables.add(table(fields[0], features));
    }

    return tables;
  }

  private static List<String> lines() {
    try (InputStream in = Tables.class.getResourceAsStream("/ml/bqx/catalog/layout.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
