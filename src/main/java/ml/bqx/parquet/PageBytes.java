package ml.bqx.parquet;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes of a page, read little-endian from front to back and never past their end. */
final class PageBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] array;
  private final int end;
  private int at;

  /** The bytes {@code array[at .. end)}. */
  PageBytes(byte[] array, int at, int end) {
    this.array = array;
    this.at = at;
    this.end = end;
  }

  /** The same bytes, to look ahead. */
  PageBytes copy() {
    return new PageBytes(array, at, end);
  }

  /** The array that holds the bytes, and others besides. */
  byte[] array() {
    return array;
  }

  /** Bytes not read yet. */
  int remaining() {
    return end - at;
  }

  /** Passes over bytes and returns where in {@link #array} they begin. */
  int take(long count) throws IOException {
    if (count < 0 || count > remaining()) {
      throw new IOException(
          "%d bytes are needed where the page has %d left".formatted(count, remaining()));
    }

    int start = at;
    at += (int) count;
    return start;
  }

  /** The next {@code count} bytes, for bulk copies. */
  ByteBuffer buffer(long count) throws IOException {
    return ByteBuffer.wrap(array, take(count), (int) count).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The next bytes as they are, without the rest. */
  PageBytes slice(long count) throws IOException {
    int start = take(count);
    return new PageBytes(array, start, at);
  }

  byte next() throws IOException {
    return array[take(1)];
  }

  int int32() throws IOException {
    return (int) INT.get(array, take(Integer.BYTES));
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  int varint() throws IOException {
    long value = longVarint();
    if (value >>> Integer.SIZE != 0) {
      throw new IOException("a number of 32 bits is %s".formatted(Long.toUnsignedString(value)));
    }

    return (int) value;
  }

  /** An unsigned LEB128 number of at most 64 bits. */
  long longVarint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte b = next();
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }

    throw new IOException("a number has more than 64 bits");
  }

  /** A signed number, zigzag-encoded. */
  long zigzag() throws IOException {
    long value = longVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** The eight bytes from {@code array[first]} on; bytes beyond the array count as zero. */
  long word(int first) {
    if (first <= array.length - Long.BYTES) {
      return (long) LONG.get(array, first);
    }

    long word = 0;
    for (int i = 0; first + i < array.length; i++) {
      word |= (array[first + i] & 0xffL) << (i * Byte.SIZE);
    }

    return word;
  }
}
