package ml.bqx.merge.beam;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
 * Writes the columns of one part of a row block as a Parquet file with one row group, column by
 * column, for storage that puts files together without reading them. Inline slices are written as
 * they arrive, stored ones after them in column order; memory is that of the inline slices, which
 * Beam may hold all at once, and the references.
 */
final class AssemblePart extends DoFn<KV<Integer, CoGbkResult>, PartFile> {
  private static final long serialVersionUID = 1L;

  private final PCollectionView<PlannedMerge> merge;
  private final TupleTag<long[]> spine;
  private final TupleTag<Slice> slices;
  private final String temporaryDirectory;

  AssemblePart(
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
    int part = context.element().getKey();
    CoGbkResult joined = context.element().getValue();
    PlannedMerge planned = context.sideInput(merge);
    PartLayout parts = PartLayout.of(planned);
    int first = parts.from(part);
    String path = PartFile.newPath(temporaryDirectory, part);
    List<ColumnSchema> columns = planned.plan().written().subList(first, parts.to(part));
    List<JoinCounts> counts;
    String crc32c;
    try (ParquetAssembler file = new ParquetAssembler(planned.storage().create(path), columns)) {
      file.addRowGroup(parts.rows(part));
      ChunkEncoder encoder = planned.encoder();
      if (first == 0) {
        Longs key = new Longs(joined.getOnly(spine), null);
        file.append(0, 0, encoder.encodeDeltas(columns.get(0), key));
      }

      if (parts.to(part) == parts.columns()) {
        planned.appendPair(file, 0, parts.rows(part), encoder);
      }

      counts = append(planned.storage(), joined.getAll(slices), first, file);
      file.finish(Map.of());
      crc32c = file.crc32c();
    }

    context.output(new PartFile(part, path, false, crc32c, JoinCounts.sum(counts)));
  }

  /** Returns the counts that were among the slices. */
  private static List<JoinCounts> append(
      Storage storage, Iterable<Slice> slices, int first, ParquetAssembler file)
      throws IOException {
    List<JoinCounts> counts = new ArrayList<>();
    List<Slice.Stored> stored = new ArrayList<>();
    for (Slice slice : slices) {
      if (slice instanceof Slice.Inline inline) {
        file.append(0, inline.column() - first, inline.chunk());
      } else if (slice instanceof Slice.Stored reference) {
        stored.add(new Slice.Stored(reference.column() - first, reference.run()));
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
