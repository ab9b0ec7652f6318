package ml.bqx.merge;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.EncodedChunk;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Util;

/** Columns of one row block on their way through the join: where they lie, or what they are. */
public sealed interface Slice {
  /** Index of the column, or of the first one, in the training file. */
  int column();

  /**
   * The bytes lie in a file as they are needed; a few bytes travel instead of them.
   *
   * @param column index of the first chunk's column in the training file; the others' follow it
   * @param run chunks of one row group of one file that adjoin, at least one
   */
  record Stored(int column, List<ChunkReference> run) implements Slice {
    /** The file all of them lie in. */
    public String file() {
      return run.get(0).file();
    }
  }

  /** The bytes travel. */
  record Inline(int column, EncodedChunk chunk) implements Slice {
    /** Copies the bytes, as those handed to a consumer are soon overwritten. */
    public static Inline copyOf(int column, EncodedChunk chunk) {
      byte[] bytes = new byte[chunk.length()];
      System.arraycopy(chunk.bytes(), chunk.offset(), bytes, 0, bytes.length);
      return new Inline(column, new EncodedChunk(chunk.metadata(), bytes, 0));
    }
  }

  /** Column, then the references or the bytes, metadata as Thrift. */
  final class SliceCoder extends AtomicCoder<Slice> {
    private static final long serialVersionUID = 1L;

    public static final SliceCoder INSTANCE = new SliceCoder();

    private SliceCoder() {}

    @Override
    public void encode(Slice slice, OutputStream stream) throws IOException {
      DataOutputStream out = new DataOutputStream(stream);
      out.writeInt(slice.column());
      if (slice instanceof Stored stored) {
        out.writeBoolean(true);
        out.writeUTF(stored.file());
        out.writeInt(stored.run.get(0).rowGroup());
        out.writeInt(stored.run.size());
        for (ChunkReference chunk : stored.run) {
          out.writeUTF(chunk.column());
          Util.writeColumnMetaData(chunk.metadata(), out, null, null);
        }
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
        int rowGroup = in.readInt();
        int chunks = in.readInt();
        List<ChunkReference> run = new ArrayList<>(chunks);
        for (int i = 0; i < chunks; i++) {
          String name = in.readUTF();
          ColumnMetaData metadata = Util.readColumnMetaData(in, null, null);
          run.add(new ChunkReference(file, name, rowGroup, metadata));
        }

        return new Stored(column, run);
      }

      ColumnMetaData metadata = Util.readColumnMetaData(in, null, null);
      byte[] bytes = new byte[(int) metadata.getTotal_compressed_size()];
      in.readFully(bytes);
      return new Inline(column, new EncodedChunk(metadata, bytes, 0));
    }
  }
}
