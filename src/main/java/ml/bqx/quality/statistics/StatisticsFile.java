package ml.bqx.quality.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ml.bqx.checkpoint.Build;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Json;
import ml.bqx.checkpoint.Spine;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.VectorBuilder;
import ml.bqx.quality.statistics.GroupStatistics.Gap;
import org.apache.parquet.format.CompressionCodec;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Statistics as a Parquet file, for any program to read: a row for each group, then one for each of
 * its columns. What a row has no value for is null.
 */
final class StatisticsFile {
  /** What a row is about. */
  static final String KIND = "kind";

  /** Percentiles that have columns of their own. */
  private static final int[] PERCENTS = {1, 5, 25, 50, 75, 95, 99};

  private static final List<ColumnSchema> SCHEMA = schema();

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StatisticsFile() {}

  private static List<ColumnSchema> schema() {
    List<ColumnSchema> schema = new ArrayList<>();
    for (String name : List.of(KIND, "group", "source", "checkpoint", "column", "type")) {
      schema.add(ColumnSchema.string(name));
    }

    for (String name : List.of("rows", "nulls", "longest_nulls")) {
      schema.add(ColumnSchema.int64(name));
    }

    schema.add(ColumnSchema.timestampMicros("first_value"));
    schema.add(ColumnSchema.timestampMicros("last_value"));
    schema.add(ColumnSchema.int64("distinct"));
    schema.add(ColumnSchema.string("least"));
    schema.add(ColumnSchema.string("greatest"));
    for (String name : List.of("min", "max", "mean", "deviation")) {
      schema.add(ColumnSchema.float64(name));
    }

    for (int percent : PERCENTS) {
      schema.add(ColumnSchema.float64(percentile(percent)));
    }

    for (String name : List.of("zeros", "nan", "infinite", "sampled")) {
      schema.add(ColumnSchema.int64(name));
    }

    schema.add(ColumnSchema.bool("constant"));
    schema.add(ColumnSchema.bytes("quantiles"));
    schema.add(ColumnSchema.bytes("segments"));
    schema.add(ColumnSchema.string("content"));
    for (String name :
        List.of(
            "rows_read",
            "rows_missing",
            "rows_outside",
            "rows_without_timestamp",
            "duplicates",
            "gaps")) {
      schema.add(ColumnSchema.int64(name));
    }

    schema.add(ColumnSchema.string("longest_gaps"));
    schema.add(ColumnSchema.string("coverage"));
    return List.copyOf(schema);
  }

  private static String percentile(int percent) {
    return "p%02d".formatted(percent);
  }

  /** Writes a whole file. */
  static void write(List<GroupStatistics> groups, WritableByteChannel channel) throws IOException {
    List<VectorBuilder> builders =
        SCHEMA.stream().map(column -> VectorBuilder.of(column.physical(), groups.size())).toList();
    int rows = 0;
    for (GroupStatistics group : groups) {
      append(builders, row(group));
      for (ColumnStatistics column : group.columns()) {
        append(builders, row(group, column));
      }

      rows += 1 + group.columns().size();
    }

    ParquetAssembler file = new ParquetAssembler(channel, SCHEMA);
    ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.ZSTD);
    int rowGroup = file.addRowGroup(rows);
    for (int i = 0; i < SCHEMA.size(); i++) {
      file.append(rowGroup, i, encoder.encode(SCHEMA.get(i), builders.get(i).build()));
    }

    file.finish(Map.of(FooterKeys.TOOL, Build.NAME_AND_VERSION));
  }

  private static Map<String, Object> row(GroupStatistics group) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(KIND, "group");
    row.put("group", group.group());
    row.put("source", group.table());
    row.put("checkpoint", group.checkpoint());
    row.put("rows", group.rows());
    row.put("rows_read", group.rowsRead());
    row.put("rows_missing", group.rowsMissing());
    row.put("rows_outside", group.rowsOutside());
    row.put("rows_without_timestamp", group.rowsWithoutTimestamp());
    row.put("duplicates", group.duplicates());
    row.put("gaps", group.gaps());
    row.put("longest_gaps", Json.line(group.longestGaps()));
    row.put("coverage", Json.line(group.coverage()));
    return row;
  }

  private static Map<String, @Nullable Object> row(GroupStatistics group, ColumnStatistics column) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put(KIND, group.targets() ? "target" : "feature");
    row.put("group", group.group());
    row.put("source", group.table());
    row.put("column", column.name());
    row.put("type", column.type());
    row.put("rows", column.rows());
    row.put("nulls", column.nulls());
    row.put("longest_nulls", column.longestNulls());
    row.put("first_value", micros(column.firstValue()));
    row.put("last_value", micros(column.lastValue()));
    row.put("distinct", column.distinct());
    row.put("least", column.least());
    row.put("greatest", column.greatest());
    row.put("min", column.min());
    row.put("max", column.max());
    row.put("mean", column.mean());
    row.put("deviation", column.deviation());
    row.put("zeros", column.zeros());
    row.put("nan", column.nan());
    row.put("infinite", column.infinite());
    row.put("sampled", (long) column.sampled());
    row.put("constant", column.constant());
    row.put("quantiles", column.quantiles().bytes());
    row.put("segments", column.segments().bytes());
    row.put("content", column.content());
    if (!column.quantiles().isEmpty()) {
      for (int percent : PERCENTS) {
        row.put(percentile(percent), column.quantiles().at(percent));
      }
    }

    return row;
  }

  private static @Nullable Long micros(@Nullable String time) {
    return time == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  private static void append(
      List<VectorBuilder> builders, Map<String, ? extends @Nullable Object> row) {
    for (int i = 0; i < SCHEMA.size(); i++) {
      append(builders.get(i), row.get(SCHEMA.get(i).name()));
    }
  }

  private static void append(VectorBuilder builder, @Nullable Object value) {
    if (value == null) {
      builder.appendNull();
    } else if (value instanceof Long number) {
      ((VectorBuilder.OfLongs) builder).append(number);
    } else if (value instanceof Double number) {
      ((VectorBuilder.OfLongs) builder).append(Double.doubleToRawLongBits(number));
    } else if (value instanceof Boolean flag) {
      ((VectorBuilder.OfBooleans) builder).append(flag);
    } else if (value instanceof byte[] bytes) {
      ((VectorBuilder.OfBinaries) builder).append(bytes);
    } else {
      ((VectorBuilder.OfBinaries) builder).append(((String) value).getBytes(UTF_8));
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws IOException when it is not such a file
   */
  static List<GroupStatistics> read(ParquetFile file) throws IOException {
    StatisticsRows rows = StatisticsRows.of(file, SCHEMA);
    List<GroupStatistics> groups = new ArrayList<>();
    int row = 0;
    while (row < rows.count()) {
      int end = row + 1;
      while (end < rows.count() && !rows.text(KIND, end).equals("group")) {
        end++;
      }

      groups.add(group(rows, row, end));
      row = end;
    }

    return groups;
  }

  private static GroupStatistics group(StatisticsRows rows, int row, int end) throws IOException {
    return new GroupStatistics(
        rows.text("group", row),
        rows.text("source", row),
        rows.text("checkpoint", row),
        end > row + 1 && rows.text(KIND, row + 1).equals("target"),
        rows.number("rows", row),
        rows.number("rows_read", row),
        rows.number("rows_missing", row),
        rows.number("rows_outside", row),
        rows.number("rows_without_timestamp", row),
        rows.number("duplicates", row),
        rows.number("gaps", row),
        parse(rows.text("longest_gaps", row), new TypeReference<List<Gap>>() {}),
        parse(rows.text("coverage", row), new TypeReference<List<Integer>>() {}),
        IntStream.range(row + 1, end).mapToObj(each -> column(rows, each)).toList(),
        null);
  }

  private static <T> T parse(String json, TypeReference<T> type) throws JsonProcessingException {
    return MAPPER.readValue(json, type);
  }

  private static ColumnStatistics column(StatisticsRows rows, int row) {
    return new ColumnStatistics(
        rows.text("column", row),
        rows.text("type", row),
        rows.number("rows", row),
        rows.number("nulls", row),
        rows.number("longest_nulls", row),
        time(rows, "first_value", row),
        time(rows, "last_value", row),
        rows.number("distinct", row),
        rows.has("least", row) ? rows.text("least", row) : null,
        rows.has("greatest", row) ? rows.text("greatest", row) : null,
        rows.decimal("min", row),
        rows.decimal("max", row),
        rows.decimal("mean", row),
        rows.decimal("deviation", row),
        rows.number("zeros", row),
        rows.number("nan", row),
        rows.number("infinite", row),
        rows.flag("constant", row),
        (int) rows.number("sampled", row),
        Quantiles.of(rows.bytes("quantiles", row)),
        Segments.of(rows.bytes("segments", row)),
        rows.text("content", row));
  }

  private static @Nullable String time(StatisticsRows rows, String column, int row) {
    return rows.has(column, row) ? Spine.text(rows.number(column, row)) : null;
  }
}
