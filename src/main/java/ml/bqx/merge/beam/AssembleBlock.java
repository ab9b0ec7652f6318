package ml.bqx.merge.beam;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector.Longs;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetInput;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Writes one row block as a Parquet file with one row group, column by column. Inline slices are
 * written as they arrive, stored ones after them in column order; memory is one column chunk, and
 * the references.
 */
final class AssembleBlock extends DoFn<KV<Integer, CoGbkResult>, PartFile> {
  private static final long serialVersionUID = 1L;

  private final PCollectionView<PlannedMerge> merge;
  private final TupleTag<long[]> spine;
  private final TupleTag<Slice> slices;
  private final String temporaryDirectory;

  AssembleBlock(
      PCollectionView<PlannedMerge> merge,
      TupleTag<long[]> spine,
      TupleTag<Slice> slices,
      String temporaryDirectory) {
    this.merge = merge;
    this.spine = spine;
    this.slices = slices;
    this.temporaryDirectory = temporaryDirectory;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    int block = context.element().getKey();
    CoGbkResult joined = context.element().getValue();
    PlannedMerge planned = context.sideInput(merge);
    // A bundle may be tried twice, also at the same time: each try writes its own file.
    String path = "%s/part-%05d-%s".formatted(temporaryDirectory, block, UUID.randomUUID());
    List<ColumnSchema> columns = planned.plan().written();
    List<JoinCounts> counts;
    String crc32c;
    try (ParquetAssembler file = new ParquetAssembler(planned.storage().create(path), columns)) {
      long[] timestamps = joined.getOnly(spine);
      file.addRowGroup(timestamps.length);
      ChunkEncoder encoder = planned.encoder();
      file.append(0, 0, encoder.encodeDeltas(columns.get(0), new Longs(timestamps, null)));
      planned.appendPair(file, 0, timestamps.length, encoder);
      counts = append(planned.storage(), joined.getAll(slices), file);
      file.finish(Map.of());
      crc32c = file.crc32c();
    }

    context.output(new PartFile(block, path, crc32c, JoinCounts.sum(counts)));
  }

  /** Returns the counts that were among the slices. */
  private static List<JoinCounts> append(
      Storage storage, Iterable<Slice> slices, ParquetAssembler file) throws IOException {
    List<JoinCounts> counts = new ArrayList<>();
    List<Slice.Stored> stored = new ArrayList<>();
    for (Slice slice : slices) {
      if (slice instanceof Slice.Inline inline) {
        file.append(0, inline.column(), inline.chunk());
      } else if (slice instanceof Slice.Stored reference) {
        stored.add(reference);
      } else if (slice instanceof Slice.Counted counted) {
        counts.add(counted.counts());
      }
    }

    copy(storage, stored, file);
    return counts;
  }

  private static void copy(Storage storage, List<Slice.Stored> stored, ParquetAssembler file)
      throws IOException {
    stored.sort(Comparator.comparingInt(Slice.Stored::column));
    // The columns of one file follow each other, so every file is opened once.
    for (int i = 0; i < stored.size(); ) {
      String source = stored.get(i).file();
      try (ParquetInput input = storage.openOnce(source)) {
        ChunkReader reader = new ChunkReader(input);
        for (; i < stored.size() && stored.get(i).file().equals(source); i++) {
          stored.get(i).copy(reader, file, 0);
        }
      }
    }
  }
}
