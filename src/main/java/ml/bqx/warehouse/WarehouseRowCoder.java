package ml.bqx.warehouse;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;

/**
 * Every element needs a coder, but rows hardly ever meet theirs: the step that makes batches of
 * them is fused with the read.
 */
final class WarehouseRowCoder extends AtomicCoder<WarehouseRow> {
  private static final long serialVersionUID = 1L;

  static final WarehouseRowCoder INSTANCE = new WarehouseRowCoder();

  private static final int HAS_BYTES = 1;
  private static final int HAS_NULLS = 2;

  private WarehouseRowCoder() {}

  @Override
  public void encode(WarehouseRow row, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    out.writeInt(row.group());
    out.writeInt(row.values().length);
    out.writeByte((row.bytes() == null ? 0 : HAS_BYTES) | (row.nulls() == null ? 0 : HAS_NULLS));
    for (long value : row.values()) {
      out.writeLong(value);
    }

    for (int slot = 0; row.nulls() != null && slot < row.values().length; slot++) {
      out.writeBoolean(row.nulls()[slot]);
    }

    for (int slot = 0; row.bytes() != null && slot < row.values().length; slot++) {
      byte[] value = row.bytes()[slot];
      out.writeInt(value == null ? -1 : value.length);
      if (value != null) {
        out.write(value);
      }
    }
  }

  @Override
  public WarehouseRow decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    int group = in.readInt();
    long[] values = new long[in.readInt()];
    int parts = in.readByte();
    for (int slot = 0; slot < values.length; slot++) {
      values[slot] = in.readLong();
    }

    boolean[] nulls = (parts & HAS_NULLS) == 0 ? null : new boolean[values.length];
    for (int slot = 0; nulls != null && slot < nulls.length; slot++) {
      nulls[slot] = in.readBoolean();
    }

    byte[][] bytes = (parts & HAS_BYTES) == 0 ? null : new byte[values.length][];
    for (int slot = 0; bytes != null && slot < bytes.length; slot++) {
      int length = in.readInt();
      if (length >= 0) {
        bytes[slot] = new byte[length];
        in.readFully(bytes[slot]);
      }
    }

    return new WarehouseRow(group, values, bytes, nulls);
  }
}
