package ml.bqx.merge.beam;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import ml.bqx.merge.Slice;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ValueLosses;
import ml.bqx.training.JoinCounts;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Util;

/** Its kind, then column and references or bytes, metadata as Thrift; or the counts. */
final class SliceCoder extends AtomicCoder<Slice> {
  private static final long serialVersionUID = 1L;

  static final SliceCoder INSTANCE = new SliceCoder();

  private static final int STORED = 0;
  private static final int INLINE = 1;
  private static final int COUNTED = 2;

  private SliceCoder() {}

  @Override
  public void encode(Slice slice, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    if (slice instanceof Slice.Stored stored) {
      out.writeByte(STORED);
      out.writeInt(stored.column());
      out.writeUTF(stored.file());
      out.writeInt(stored.run().get(0).rowGroup());
      out.writeInt(stored.run().size());
      for (ChunkReference chunk : stored.run()) {
        out.writeUTF(chunk.column());
        out.writeBoolean(chunk.checksum().isPresent());
        out.writeInt(chunk.checksum().orElse(0));
        Util.writeColumnMetaData(chunk.metadata(), out, null, null);
      }
    } else if (slice instanceof Slice.Inline inline) {
      out.writeByte(INLINE);
      out.writeInt(inline.column());
      Util.writeColumnMetaData(inline.chunk().metadata(), out, null, null);
      out.write(inline.chunk().bytes(), inline.chunk().offset(), inline.chunk().length());
    } else if (slice instanceof Slice.Counted counted) {
      out.writeByte(COUNTED);
      JoinCounts counts = counted.counts();
      out.writeLong(counts.missing());
      out.writeLong(counts.outside());
      out.writeLong(counts.withoutTimestamp());
      out.writeLong(counts.duplicates());
      out.writeLong(counts.incomplete());
      out.writeLong(counts.repeated());
      out.writeLong(counts.losses().rounded());
      out.writeLong(counts.losses().overflowed());
      out.writeLong(counts.losses().subnormal());
    }

    out.flush();
  }

  @Override
  public Slice decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    byte kind = in.readByte();
    if (kind == COUNTED) {
      return new Slice.Counted(
          new JoinCounts(
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              new ValueLosses(in.readLong(), in.readLong(), in.readLong())));
    }

    int column = in.readInt();
    if (kind == STORED) {
      String file = in.readUTF();
      int rowGroup = in.readInt();
      int chunks = in.readInt();
      List<ChunkReference> run = new ArrayList<>(chunks);
      for (int i = 0; i < chunks; i++) {
        String name = in.readUTF();
        boolean isSummed = in.readBoolean();
        int sum = in.readInt();
        OptionalInt checksum = isSummed ? OptionalInt.of(sum) : OptionalInt.empty();
        ColumnMetaData metadata = Util.readColumnMetaData(in, null, null);
        run.add(new ChunkReference(file, name, rowGroup, metadata, checksum));
      }

      return new Slice.Stored(column, run);
    }

    ColumnMetaData metadata = Util.readColumnMetaData(in, null, null);
    byte[] bytes = new byte[(int) metadata.getTotal_compressed_size()];
    in.readFully(bytes);
    return new Slice.Inline(column, new EncodedChunk(metadata, bytes, 0));
  }
}
