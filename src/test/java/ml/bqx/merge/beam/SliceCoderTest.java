package ml.bqx.merge.beam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import ml.bqx.merge.Slice;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ValueLosses;
import ml.bqx.training.JoinCounts;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.parquet.format.CompressionCodec;

class SliceCoderTest {
  @Property(tries = 50)
  void bytesThatTravelArriveAsTheyWere(@ForAll @Size(min = 1, max = 300) long[] values)
      throws Exception {
    EncodedChunk chunk = chunk(values);
    Slice.Inline sent = Slice.Inline.copyOf(12, chunk);

    Slice.Inline received = (Slice.Inline) throughCoder(sent);

    assertThat(received.column()).isEqualTo(12);
    assertThat(received.chunk().metadata()).isEqualTo(chunk.metadata());
    assertThat(bytes(received.chunk())).isEqualTo(bytes(chunk));
  }

  @Example
  void referencesArriveAsTheyWere() throws Exception {
    Slice.Stored sent =
        new Slice.Stored(6_484, List.of(reference("agg__x", 1, 2, 3), reference("agg__y", 4)));

    assertThat(throughCoder(sent)).isEqualTo(sent);
  }

  /** In a CoGroupByKey slices follow each other in one stream. */
  @Example
  void slicesInOneStreamStayApart() throws Exception {
    Slice one = Slice.Inline.copyOf(1, chunk(1, 2));
    Slice two = new Slice.Stored(2, List.of(reference("c", 3)));
    Slice counts =
        new Slice.Counted(new JoinCounts(1, 2, 3, 4, 5, 6L << 40, new ValueLosses(7, 8, 9)));
    Coder<List<Slice>> coder = org.apache.beam.sdk.coders.ListCoder.of(SliceCoder.INSTANCE);

    List<Slice> received =
        CoderUtils.decodeFromByteArray(
            coder, CoderUtils.encodeToByteArray(coder, List.of(one, counts, two, one)));

    assertThat(received).hasSize(4);
    assertThat(((Slice.Inline) received.get(0)).column()).isEqualTo(1);
    assertThat(received.get(1)).isEqualTo(counts);
    assertThat(received.get(2)).isEqualTo(two);
    assertThat(((Slice.Inline) received.get(3)).column()).isEqualTo(1);
  }

  @Example
  void aCopyDoesNotChangeWithItsSource() throws Exception {
    EncodedChunk chunk = chunk(1, 2, 3);
    byte[] before = bytes(chunk);
    Slice.Inline copy = Slice.Inline.copyOf(0, chunk);

    java.util.Arrays.fill(chunk.bytes(), (byte) 0);

    assertThat(bytes(copy.chunk())).isEqualTo(before);
  }

  private static ChunkReference reference(String column, long... values) throws Exception {
    OptionalInt checksum =
        column.equals("c") ? OptionalInt.empty() : OptionalInt.of(-values.length);
    return new ChunkReference(
        "gs://bucket/grün.parquet", column, 7, chunk(values).metadata(), checksum);
  }

  private static Slice throughCoder(Slice slice) throws Exception {
    return CoderUtils.decodeFromByteArray(
        SliceCoder.INSTANCE, CoderUtils.encodeToByteArray(SliceCoder.INSTANCE, slice));
  }

  private static EncodedChunk chunk(long... values) throws Exception {
    return new ChunkEncoder(CompressionCodec.SNAPPY)
        .encode(ColumnSchema.int64("x"), new ColumnVector.Longs(values, null));
  }

  private static byte[] bytes(EncodedChunk chunk) {
    return java.util.Arrays.copyOfRange(
        chunk.bytes(), chunk.offset(), chunk.offset() + chunk.length());
  }
}
