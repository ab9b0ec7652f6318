package ml.bqx.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/** Columns of every type with random values, among them those that break careless code. */
public final class RandomColumns {
  private static final int DECIMAL_DIGITS = 38;
  private static final long DAY_MICROS = 86_400_000_000L;

  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    Double.MIN_VALUE,
    -Double.MIN_NORMAL / 2,
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.longBitsToDouble(0x7ff8_0000_0000_0001L),
    Double.longBitsToDouble(0xfff0_0000_dead_beefL)
  };

  private RandomColumns() {}

  /** One optional column of every type. */
  public static List<ColumnSchema> schema() {
    return List.of(
        ColumnSchema.bool("flag"),
        leaf("number", Type.INT32),
        ColumnSchema.date("day"),
        leaf("single", Type.FLOAT),
        ColumnSchema.int64("count"),
        ColumnSchema.timestampMicros("moment"),
        ColumnSchema.float64("feature"),
        ColumnSchema.string("label"),
        ColumnSchema.bytes("blob"),
        new ColumnSchema(leaf("fixed", Type.FIXED_LEN_BYTE_ARRAY).element().setType_length(3)),
        ColumnSchema.decimal("amount", DECIMAL_DIGITS, 9));
  }

  static ColumnSchema leaf(String name, Type type) {
    return new ColumnSchema(
        new SchemaElement(name).setType(type).setRepetition_type(FieldRepetitionType.OPTIONAL));
  }

  /**
   * Random values of the column's type.
   *
   * @param distinct how many different ones there are at most
   * @param nulls which part of the rows has none
   */
  public static ColumnVector vector(
      ColumnSchema column, int rows, int distinct, double nulls, Random random) {
    Object[] pool = new Object[Math.min(rows, distinct)];
    Arrays.setAll(pool, i -> value(column, random));
    VectorBuilder target = VectorBuilder.of(column.physical(), rows / 2);
    for (int row = 0; row < rows; row++) {
      // Nulls come in runs and alone.
      boolean isNull = random.nextDouble() < (row / 100 % 2 == 0 ? nulls : nulls * nulls);
      append(target, isNull ? null : pool[random.nextInt(pool.length)]);
    }

    return target.build();
  }

  static void append(VectorBuilder target, Object value) {
    if (value == null) {
      target.appendNull();
    } else if (target instanceof VectorBuilder.OfLongs longs) {
      longs.append((Long) value);
    } else if (target instanceof VectorBuilder.OfInts ints) {
      ints.append((Integer) value);
    } else if (target instanceof VectorBuilder.OfBooleans booleans) {
      booleans.append((Boolean) value);
    } else if (target instanceof VectorBuilder.OfBinaries binaries) {
      binaries.append((byte[]) value);
    }
  }

  /** A vector of the column's type with the values of a function; null where it gives null. */
  public static ColumnVector vector(ColumnSchema column, int rows, IntFunction<Object> values) {
    VectorBuilder target = VectorBuilder.of(column.physical(), rows);
    for (int row = 0; row < rows; row++) {
      append(target, values.apply(row));
    }

    return target.build();
  }

  private static Object value(ColumnSchema column, Random random) {
    return switch (column.physical()) {
      case BOOLEAN -> random.nextBoolean();
      case INT32 -> random.nextInt();
      case INT64 -> count(column, random);
      case FLOAT -> random.nextInt(8) > 0 ? random.nextInt() : Float.floatToRawIntBits(-0.0f);
      case DOUBLE ->
          Double.doubleToRawLongBits(
              random.nextInt(8) > 0
                  ? random.nextGaussian()
                  : DOUBLES[random.nextInt(DOUBLES.length)]);
      case BYTE_ARRAY -> text(random);
      case FIXED_LEN_BYTE_ARRAY, INT96 -> fixed(column, random);
    };
  }

  /** Timestamps of a few thousand years, which other tools can still show; any other number. */
  private static long count(ColumnSchema column, Random random) {
    return column.name().equals("moment")
        ? (random.nextInt(1_000_000) - 500_000) * DAY_MICROS + random.nextInt()
        : random.nextInt(8) > 0
            ? random.nextLong()
            : random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private static byte[] text(Random random) {
    int length = random.nextInt(20) == 0 ? random.nextInt(2_000) : random.nextInt(12);
    StringBuilder text = new StringBuilder();
    random.ints(length, 'a', 'z').forEach(text::appendCodePoint);
    return (random.nextInt(4) == 0 ? text.append("\u00e9\u20ac") : text).toString().getBytes(UTF_8);
  }

  private static byte[] fixed(ColumnSchema column, Random random) {
    byte[] bytes = new byte[column.fixedBytes()];
    if (column.physical() == Type.FIXED_LEN_BYTE_ARRAY && bytes.length < 16) {
      random.nextBytes(bytes);
      return bytes;
    }

    BigInteger limit = BigInteger.TEN.pow(DECIMAL_DIGITS);
    BigInteger number = new BigInteger(limit.bitLength(), random).mod(limit);
    byte[] shortest = (random.nextBoolean() ? number : number.negate()).toByteArray();
    Arrays.fill(bytes, (byte) (shortest[0] >> 7));
    System.arraycopy(shortest, 0, bytes, bytes.length - shortest.length, shortest.length);
    return bytes;
  }
}
