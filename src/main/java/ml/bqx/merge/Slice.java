package ml.bqx.merge;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.EncodedChunk;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Util;

/** One column of one row block on its way through the join: where it lies, or what it is. */
sealed interface Slice {
  /** Index of the column in the training file. */
  int column();

  /** The bytes lie in a file as they are needed; a few bytes travel instead of them. */
  record Stored(int column, ChunkReference chunk) implements Slice {}

  /** The bytes travel. */
  record Inline(int column, EncodedChunk chunk) implements Slice {
    /** Copies the bytes, as those handed to a consumer are soon overwritten. */
    static Inline copyOf(int column, EncodedChunk chunk) {
      byte[] bytes = new byte[chunk.length()];
      System.arraycopy(chunk.bytes(), chunk.offset(), bytes, 0, bytes.length);
      return new Inline(column, new EncodedChunk(chunk.metadata(), bytes, 0));
    }
  }

  /** Column, metadata as Thrift, then the reference or the bytes. */
  final class SliceCoder extends AtomicCoder<Slice> {
    private static final long serialVersionUID = 1L;

    static final SliceCoder INSTANCE = new SliceCoder();

    private SliceCoder() {}

    @Override
    public void encode(Slice slice, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeInt(slice.column());
      if (slice instanceof Stored stored) {
        out.writeBoolean(true);
        out.writeUTF(stored.chunk.file());
        out.writeUTF(stored.chunk.column());
        out.writeInt(stored.chunk.rowGroup());
        Util.writeColumnMetaData(stored.chunk.metadata(), out, null, null);
      } else if (slice instanceof Inline inline) {
        out.writeBoolean(false);
        Util.writeColumnMetaData(inline.chunk.metadata(), out, null, null);
        out.write(inline.chunk.bytes(), inline.chunk.offset(), inline.chunk.length());
      }

      out.flush();
    }

    @Override
    public Slice decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      int column = in.readInt();
      if (in.readBoolean()) {
        String file = in.readUTF();
        String name = in.readUTF();
        int rowGroup = in.readInt();
        ColumnMetaData metadata = Util.readColumnMetaData(in, null, null);
        return new Stored(column, new ChunkReference(file, name, rowGroup, metadata));
      }

      ColumnMetaData metadata = Util.readColumnMetaData(in, null, null);
      byte[] bytes = new byte[(int) metadata.getTotal_compressed_size()];
      in.readFully(bytes);
      return new Inline(column, new EncodedChunk(metadata, bytes, 0));
    }
  }
}
