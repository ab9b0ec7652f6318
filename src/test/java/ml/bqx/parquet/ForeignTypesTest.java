package ml.bqx.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import ml.bqx.parquet.ColumnVector.Binaries;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;

/** Types of other writers: how they are told, and what is not read. */
class ForeignTypesTest {
  private static final Path FILES = Path.of("src/test/resources/foreign");

  @Test
  void columnsAroundNestedAndUnknownOnesAreRead() throws IOException {
    byte[] file = Files.readAllBytes(FILES.resolve("unsupported.parquet"));

    ParquetFooter footer = TestTable.open(file).footer();

    assertThat(footer.columns().stream().map(ColumnSchema::typeName))
        .containsExactly(
            "INT64 TIMESTAMP_MICROS",
            "DOUBLE",
            "BYTE_ARRAY of a logical type that this tool does not know",
            "nested LIST",
            "nested",
            "BYTE_ARRAY UTF8");
    assertThat(footer.columns().stream().map(ColumnSchema::problem))
        .containsExactly(
            Optional.empty(),
            Optional.empty(),
            Optional.of("is BYTE_ARRAY of a logical type that this tool does not know"),
            Optional.of("is nested LIST, and only flat columns can be read"),
            Optional.of("is nested, and only flat columns can be read"),
            Optional.empty());
    assertThat(TestTable.values(TestTable.read(file, 1)))
        .isEqualTo(
            List.of(0.0, 0.5, 1.0, 1.5, 2.0).stream()
                .map(value -> (Object) Double.doubleToLongBits(value))
                .toList());
    assertThat(((Binaries) TestTable.read(file, 5)).bytes())
        .startsWith("row 0row 1row 2row 3row 4".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThatThrownBy(() -> TestTable.read(file, 4))
        .hasMessage(
            "Cannot read memory.parquet: column st is nested, and only flat columns can be read");
  }

  @Test
  void wideDecimalsBecomeTheNearestDoubles() throws IOException {
    byte[] file = Files.readAllBytes(FILES.resolve("wide.parquet"));
    ColumnSchema wide = TestTable.open(file).footer().columns().get(1);
    ColumnSchema narrow = TestTable.open(file).footer().columns().get(2);

    ColumnVector doubles = NearestDoubles.of((Binaries) TestTable.read(file, 1), wide);

    assertThat(wide.isWideDecimal()).isTrue();
    assertThat(narrow.isWideDecimal()).isFalse();
    assertThat(TestTable.values(doubles))
        .containsExactly(
            Double.doubleToLongBits(7e-20),
            Double.doubleToLongBits(1e40),
            Double.doubleToLongBits(2e40),
            null,
            Double.doubleToLongBits(4e40));
  }

  @Test
  void typesAreToldAlikeWhicheverWayTheyAreWritten() {
    ColumnSchema plain = RandomColumns.leaf("c", Type.INT32);
    assertThat(integer(32, true).typeName()).isEqualTo("INT32");
    assertThat(integer(32, true).sameType(plain)).isTrue();
    assertThat(converted(ConvertedType.INT_32).sameType(plain)).isTrue();
    assertThat(integer(8, true).sameType(converted(ConvertedType.INT_8))).isTrue();
    assertThat(integer(16, false).typeName()).isEqualTo("INT32 UINT_16");
    assertThat(
            logical(LogicalType.TIME(new TimeType(true, TimeUnit.MILLIS(new MilliSeconds()))))
                .typeName())
        .isEqualTo("INT32 TIME_MILLIS");
    assertThat(logical(new LogicalType()).typeName())
        .isEqualTo("INT32 of a logical type that this tool does not know");
    assertThat(logical(LogicalType.TIME(new TimeType(true, new TimeUnit()))).problem())
        .contains("is INT32 of a logical type that this tool does not know");
  }

  private static ColumnSchema integer(int bits, boolean signed) {
    return logical(LogicalType.INTEGER(new IntType((byte) bits, signed)));
  }

  private static ColumnSchema logical(LogicalType type) {
    return new ColumnSchema(RandomColumns.leaf("c", Type.INT32).element().setLogicalType(type));
  }

  private static ColumnSchema converted(ConvertedType type) {
    return new ColumnSchema(RandomColumns.leaf("c", Type.INT32).element().setConverted_type(type));
  }

  @Test
  void daysAndNanosecondsBecomeMicroseconds() throws IOException {
    Binaries raw =
        int96(
            Instant.parse("9999-12-31T23:59:59.999999Z"),
            null,
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.EPOCH);

    assertThat(TestTable.values(Int96.micros(raw, "file", "c")))
        .containsExactly(253402300799999999L, null, -62135596800000000L, 0L);
  }

  @Test
  void timesThatMicrosecondsCannotHoldAreRefused() {
    Binaries nanos = int96(Instant.EPOCH, Instant.EPOCH.plusNanos(1));
    assertThatThrownBy(() -> Int96.micros(nanos, "file", "c"))
        .isInstanceOf(InvalidParquetException.class)
        .hasMessage(
            "Cannot read file: c in row 1 is day 0 since 1970 and 1 ns, which microseconds in 64 bits cannot hold exactly; round or correct it when writing the file");

    Binaries far = int96(Instant.EPOCH.plusSeconds(200_000_000L * 86_400));
    assertThatThrownBy(() -> Int96.micros(far, "file", "c"))
        .hasMessageStartingWith("Cannot read file: c in row 0 is day 200,000,000 since 1970");
  }

  private static Binaries int96(Instant... times) {
    VectorBuilder.OfBinaries builder =
        (VectorBuilder.OfBinaries) VectorBuilder.of(Type.INT96, times.length);
    for (Instant time : times) {
      if (time == null) {
        builder.appendNull();
      } else {
        builder.append(bytes(time));
      }
    }

    return (Binaries) builder.build();
  }

  private static byte[] bytes(Instant time) {
    long day = Math.floorDiv(time.getEpochSecond(), 86_400);
    long nanos = Math.floorMod(time.getEpochSecond(), 86_400L) * 1_000_000_000 + time.getNano();
    BigInteger value =
        BigInteger.valueOf(day + 2_440_588).shiftLeft(64).add(BigInteger.valueOf(nanos));
    byte[] bytes = new byte[12];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = value.shiftRight(i * Byte.SIZE).byteValue();
    }

    return bytes;
  }

  @Test
  void aLogicalTypeThatThePhysicalOneCannotHaveIsAProblem() {
    SchemaElement small =
        ColumnSchema.int64("a").element().deepCopy().setConverted_type(ConvertedType.INT_16);
    SchemaElement day =
        ColumnSchema.float64("a")
            .element()
            .deepCopy()
            .setLogicalType(LogicalType.DATE(new DateType()));
    SchemaElement odd =
        ColumnSchema.int64("a")
            .element()
            .deepCopy()
            .setLogicalType(LogicalType.INTEGER(new IntType((byte) 65, true)));

    assertThat(new ColumnSchema(small).problem()).contains("is INT64, which cannot be INT_16");
    assertThat(new ColumnSchema(day).problem()).contains("is DOUBLE, which cannot be DATE");
    assertThat(new ColumnSchema(odd).problem()).contains("is INT64, which cannot be INTEGER");
    assertThat(ColumnSchema.decimal("a", 4, 5).problem())
        .contains("is FIXED_LEN_BYTE_ARRAY, which cannot be DECIMAL");
    assertThat(ColumnSchema.decimal("a", 4, 4).problem()).isEmpty();
    assertThat(ColumnSchema.timestampMicros("a").problem()).isEmpty();
  }
}
