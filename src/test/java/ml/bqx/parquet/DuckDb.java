package ml.bqx.parquet;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What DuckDB reads and writes. */
final class DuckDb implements AutoCloseable {
  private final Connection connection;

  DuckDb() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET threads = 1");
    execute("SET TimeZone = 'UTC'");
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The rows of a query, each as its values in text; null for null. */
  List<List<String>> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }

        rows.add(row);
      }

      return rows;
    }
  }

  /** All values of all columns, as {@link TestTable#value} gives them, in the order of the rows. */
  List<List<Object>> readAll(Path file, List<ColumnSchema> columns) throws SQLException {
    String select = columns.stream().map(DuckDb::expression).collect(Collectors.joining(", "));
    List<List<Object>> values = new ArrayList<>();
    columns.forEach(column -> values.add(new ArrayList<>()));
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT %s FROM read_parquet('%s')".formatted(select, file))) {
      while (result.next()) {
        for (int i = 0; i < columns.size(); i++) {
          Object value = result.getObject(i + 1) == null ? null : value(result, columns.get(i), i);
          values.get(i).add(value);
        }
      }
    }

    return values;
  }

  private static String expression(ColumnSchema column) {
    return switch (column.typeName()) {
      case "INT32 DATE" -> "%s - DATE '1970-01-01'".formatted(column.name());
      case "INT64 TIMESTAMP_MICROS" -> "epoch_us(%s)".formatted(column.name());
      case "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY" -> "hex(%s)".formatted(column.name());
      default -> column.name();
    };
  }

  private static Object value(ResultSet result, ColumnSchema column, int i) throws SQLException {
    return switch (column.physical()) {
      case BOOLEAN -> result.getBoolean(i + 1);
      case INT32 -> result.getInt(i + 1);
      case INT64 -> result.getLong(i + 1);
      case FLOAT -> Float.floatToRawIntBits(result.getFloat(i + 1));
      case DOUBLE -> Double.doubleToRawLongBits(result.getDouble(i + 1));
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT96 -> binary(result, column, i);
    };
  }

  private static Object binary(ResultSet result, ColumnSchema column, int i) throws SQLException {
    if (column.typeName().startsWith("FIXED_LEN_BYTE_ARRAY DECIMAL")) {
      return TestTable.bytes(bigEndian(result.getBigDecimal(i + 1), column.fixedBytes()));
    }

    String text = result.getString(i + 1);
    return column.typeName().endsWith("UTF8")
        ? TestTable.bytes(text.getBytes(StandardCharsets.UTF_8))
        : text.toLowerCase(Locale.ROOT);
  }

  private static byte[] bigEndian(BigDecimal value, int width) {
    byte[] shortest = value.unscaledValue().toByteArray();
    byte[] bytes = new byte[width];
    Arrays.fill(bytes, (byte) (shortest[0] >> 7));
    ByteBuffer.wrap(bytes).position(width - shortest.length).put(shortest);
    return bytes;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
