package ml.bqx.merge.beam;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Lists where the columns of one part of a row block are, for storage where files cannot be put
 * together without copying them: stored slices stay in their checkpoints, inline ones go to a
 * Parquet file beside the list. So every byte is copied into the training file from where it is.
 * Memory is that of the inline slices, and the references.
 */
final class ListPart extends DoFn<KV<Integer, CoGbkResult>, PartFile> {
  private static final long serialVersionUID = 1L;

  private final PCollectionView<PlannedMerge> merge;
  private final TupleTag<Slice> slices;
  private final String temporaryDirectory;

  ListPart(PCollectionView<PlannedMerge> merge, TupleTag<Slice> slices, String temporaryDirectory) {
    this.merge = merge;
    this.slices = slices;
    this.temporaryDirectory = temporaryDirectory;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    int part = context.element().getKey();
    PlannedMerge planned = context.sideInput(merge);
    String path = PartFile.newPath(temporaryDirectory, part);
    List<Slice> listed = new ArrayList<>();
    List<Slice.Inline> gathered = new ArrayList<>();
    List<JoinCounts> counts = new ArrayList<>();
    for (Slice slice : context.element().getValue().getAll(slices)) {
      if (slice instanceof Slice.Inline inline) {
        gathered.add(inline);
      } else if (slice instanceof Slice.Counted counted) {
        counts.add(counted.counts());
      } else {
        listed.add(slice);
      }
    }

    if (!gathered.isEmpty()) {
      int rows = PartLayout.of(planned).rows(part);
      listed.addAll(write(planned, rows, gathered, path + ".parquet"));
    }

    String crc32c = PartList.write(planned.storage(), path, listed);
    context.output(new PartFile(part, path, true, crc32c, JoinCounts.sum(counts)));
  }

  /** Returns where they are now. */
  private static List<Slice> write(
      PlannedMerge planned, int rows, List<Slice.Inline> gathered, String path) throws IOException {
    gathered.sort(Comparator.comparingInt(Slice.Inline::column));
    Storage storage = planned.storage();
    try (ParquetAssembler file =
        new ParquetAssembler(
            storage.create(path),
            gathered.stream().map(each -> planned.plan().written().get(each.column())).toList())) {
      file.addRowGroup(rows);
      for (int i = 0; i < gathered.size(); i++) {
        file.append(0, i, gathered.get(i).chunk());
      }

      file.finish(Map.of());
      file.close();
      try (ParquetFile written = storage.open(path, Optional.of(file.checksums()))) {
        List<Slice> stored = new ArrayList<>();
        for (int i = 0; i < gathered.size(); i++) {
          stored.add(
              new Slice.Stored(gathered.get(i).column(), List.of(written.footer().chunk(0, i))));
        }

        return stored;
      }
    }
  }
}
