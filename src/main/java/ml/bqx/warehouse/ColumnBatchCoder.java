package ml.bqx.warehouse;

import com.google.common.math.IntMath;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.checkpoint.ColumnBatch;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ColumnVector.Booleans;
import ml.bqx.parquet.ColumnVector.Ints;
import ml.bqx.parquet.ColumnVector.Longs;
import org.apache.beam.sdk.coders.AtomicCoder;

/** Encodes batches for a shuffle: whole arrays at once. */
public final class ColumnBatchCoder extends AtomicCoder<ColumnBatch> {
  private static final long serialVersionUID = 1L;

  /** The only one. */
  public static final ColumnBatchCoder INSTANCE = new ColumnBatchCoder();

  private static final int LONGS = 0;
  private static final int INTS = 1;
  private static final int BOOLEANS = 2;
  private static final int BINARIES = 3;

  private ColumnBatchCoder() {}

  @Override
  public void encode(ColumnBatch batch, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    out.writeLong(batch.rowsWithoutTimestamp());
    out.writeInt(batch.rows());
    out.writeInt(batch.columns().size());
    writeLongs(batch.timestamps(), out);
    for (ColumnVector column : batch.columns()) {
      write(column, out);
    }
  }

  private static void write(ColumnVector column, DataOutputStream out) throws IOException {
    boolean[] valid = column.valid();
    out.writeBoolean(valid != null);
    if (valid != null) {
      writeBooleans(valid, out);
    }

    if (column instanceof Longs longs) {
      out.writeByte(LONGS);
      writeLongs(longs.values(), out);
    } else if (column instanceof Ints ints) {
      out.writeByte(INTS);
      writeInts(ints.values(), out);
    } else if (column instanceof Booleans booleans) {
      out.writeByte(BOOLEANS);
      writeBooleans(booleans.values(), out);
    } else {
      Binaries binaries = (Binaries) column;
      int length = binaries.offsets()[binaries.size()];
      out.writeByte(BINARIES);
      writeInts(binaries.offsets(), out);
      out.writeInt(length);
      out.write(binaries.bytes(), 0, length);
    }
  }

  @Override
  public ColumnBatch decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    long rowsWithoutTimestamp = in.readLong();
    int rows = in.readInt();
    int columns = in.readInt();
    long[] timestamps = readLongs(rows, in);
    List<ColumnVector> vectors = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      vectors.add(read(rows, in));
    }

    return new ColumnBatch(timestamps, vectors, rowsWithoutTimestamp);
  }

  private static ColumnVector read(int rows, DataInputStream in) throws IOException {
    boolean[] valid = in.readBoolean() ? readBooleans(rows, in) : null;
    int kind = in.readByte();
    return switch (kind) {
      case LONGS -> new Longs(readLongs(rows, in), valid);
      case INTS -> new Ints(readInts(rows, in), valid);
      case BOOLEANS -> new Booleans(readBooleans(rows, in), valid);
      case BINARIES -> {
        int[] offsets = readInts(rows + 1, in);
        yield new Binaries(readBytes(in.readInt(), in), offsets, valid);
      }
      default -> throw new IOException("Cannot decode a batch: no such kind of column: " + kind);
    };
  }

  private static void writeLongs(long[] values, OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * Long.BYTES);
    buffer.asLongBuffer().put(values);
    out.write(buffer.array());
  }

  private static long[] readLongs(int rows, DataInputStream in) throws IOException {
    long[] values = new long[rows];
    ByteBuffer.wrap(readBytes(rows * Long.BYTES, in)).asLongBuffer().get(values);
    return values;
  }

  private static void writeInts(int[] values, OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * Integer.BYTES);
    buffer.asIntBuffer().put(values);
    out.write(buffer.array());
  }

  private static int[] readInts(int count, DataInputStream in) throws IOException {
    int[] values = new int[count];
    ByteBuffer.wrap(readBytes(count * Integer.BYTES, in)).asIntBuffer().get(values);
    return values;
  }

  /** One bit per value, the first one in the lowest bit. */
  private static void writeBooleans(boolean[] values, OutputStream out) throws IOException {
    byte[] bytes = new byte[bitBytes(values.length)];
    for (int i = 0; i < bytes.length; i++) {
      int end = Math.min(values.length, (i + 1) * Byte.SIZE);
      int bits = 0;
      for (int row = end - 1; row >= i * Byte.SIZE; row--) {
        bits = bits << 1 | (values[row] ? 1 : 0);
      }

      bytes[i] = (byte) bits;
    }

    out.write(bytes);
  }

  private static boolean[] readBooleans(int rows, DataInputStream in) throws IOException {
    byte[] bytes = readBytes(bitBytes(rows), in);
    boolean[] values = new boolean[rows];
    for (int i = 0; i < bytes.length; i++) {
      int end = Math.min(rows, (i + 1) * Byte.SIZE);
      int bits = bytes[i];
      for (int row = i * Byte.SIZE; row < end; row++) {
        values[row] = (bits & 1) != 0;
        bits >>= 1;
      }
    }

    return values;
  }

  private static int bitBytes(int values) {
    return IntMath.divide(values, Byte.SIZE, RoundingMode.CEILING);
  }

  private static byte[] readBytes(int count, DataInputStream in) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return bytes;
  }
}
