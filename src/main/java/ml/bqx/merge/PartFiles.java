package ml.bqx.merge;

import com.google.common.collect.Lists;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.commit.WrittenFile;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.parallel.ParallelCalls;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReader;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.EncodedChunk;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.RowGather;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import ml.bqx.training.TrainingCard;
import ml.bqx.training.TrainingCard.PartCard;
import ml.bqx.training.TrainingSplits;
import ml.bqx.training.TrainingSplits.Part;

/**
 * A file for each part of the rows, cut out of the training file: its row groups are of that part
 * alone.
 *
 * <p>Memory: a column of the training file a worker, and the footers.
 */
final class PartFiles implements Closeable {
  private static final int KEY = 0;

  private final PlannedMerge merge;
  private final List<Part> parts;
  private final List<NewFile> files = new ArrayList<>();

  /** By final name, the files that this merge has given it. */
  private final Map<String, FileStatus> published = new LinkedHashMap<>();

  /** The files that were asked for, maybe none. */
  PartFiles(PlannedMerge merge) {
    this.merge = merge;
    this.parts = parts(merge);
  }

  private static List<Part> parts(PlannedMerge merge) {
    TrainingSplits splits = merge.splits();
    return splits == null || !merge.config().split().files() ? List.of() : splits.parts();
  }

  /** Paths of the files that the card of an existing training file names. */
  static List<String> named(Storage storage, String trainingFile) throws IOException {
    try {
      return TrainingCard.read(storage, trainingFile)
          .map(TrainingCard::files)
          .orElse(List.of())
          .stream()
          .map(file -> TrainingCard.partPath(trainingFile, file.part()))
          .toList();
    } catch (InvalidInputException e) {
      // A card of another version knows of no such files, and a damaged one is not believed.
      return List.of();
    }
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Writes and verifies the files under temporary names.
   *
   * @param whole path of the training file
   * @param temporary how their names begin
   * @param keyValues of its footer
   */
  List<PartCard> write(String whole, String temporary, Map<String, String> keyValues)
      throws IOException {
    if (parts.isEmpty()) {
      return List.of();
    }

    List<ColumnSchema> columns = merge.plan().fileColumns();
    List<PartCard> written = new ArrayList<>();
    List<ParquetAssembler> open = new ArrayList<>();
    try {
      for (Part part : parts) {
        NewFile file = merge.storage().newFile("%s-%s".formatted(temporary, part.name()));
        files.add(file);
        open.add(new ParquetAssembler(file.openLarge(), columns));
      }

      copyAll(whole, columns, open);
      for (int i = 0; i < parts.size(); i++) {
        long bytes = open.get(i).finish(keyValues(parts.get(i), keyValues));
        open.get(i).close();
        verify(parts.get(i), files.get(i), columns);
        String path = path(parts.get(i));
        written.add(
            new PartCard(
                parts.get(i).name(),
                name(path),
                parts.get(i).rows().count(),
                bytes,
                open.get(i).crc32c()));
      }
    } finally {
      for (ParquetAssembler file : open) {
        file.close();
      }
    }

    return written;
  }

  private Spine spine(Part part) {
    return merge.spine().slice(part.rows().from(), part.rows().to());
  }

  private Map<String, String> keyValues(Part part, Map<String, String> whole) {
    Map<String, String> keyValues = new LinkedHashMap<>(whole);
    keyValues.remove(FooterKeys.SPLITS);
    keyValues.put(FooterKeys.SPINE, spine(part).fingerprint());
    keyValues.put(FooterKeys.PART, part.name());
    return keyValues;
  }

  private BlockLayout blocks(Part part) {
    return new BlockLayout(part.rows().count(), merge.config().rowGroupRows());
  }

  private void copyAll(String whole, List<ColumnSchema> columns, List<ParquetAssembler> open)
      throws IOException {
    for (int i = 0; i < parts.size(); i++) {
      BlockLayout blocks = blocks(parts.get(i));
      for (int block = 0; block < blocks.blocks(); block++) {
        open.get(i).addRowGroup(blocks.rows(block));
      }
    }

    int workers = MergePlan.WORKERS;
    List<Integer> all = IntStream.range(0, columns.size()).boxed().toList();
    ParallelCalls.of(
        workers,
        Lists.partition(all, Math.max(1, (all.size() + workers - 1) / workers)),
        share -> {
          copy(whole, share, open);
          return share;
        });
  }

  private void copy(String whole, List<Integer> columns, List<ParquetAssembler> open)
      throws IOException {
    ChunkEncoder encoder = merge.encoder();
    int[] rows = IntStream.range(0, merge.spine().rows()).toArray();
    try (ParquetFile file = merge.storage().open(whole)) {
      ChunkReader reader = file.reader();
      for (int column : columns) {
        ColumnSchema schema = file.footer().columns().get(column);
        ColumnVector values = reader.read(file.footer(), column);
        for (int i = 0; i < parts.size(); i++) {
          BlockLayout blocks = blocks(parts.get(i));
          int start = parts.get(i).rows().from();
          for (int block = 0; block < blocks.blocks(); block++) {
            ColumnVector slice =
                RowGather.gather(
                    values, rows, start + blocks.from(block), start + blocks.to(block));
            EncodedChunk chunk =
                column == KEY
                    ? encoder.encodeDeltas(schema, (ColumnVector.Longs) slice)
                    : encoder.encode(schema, slice);
            synchronized (open.get(i)) {
              open.get(i).append(block, column, chunk);
            }
          }
        }
      }
    }
  }

  private void verify(Part part, NewFile written, List<ColumnSchema> columns) throws IOException {
    try (ParquetFile file = merge.storage().open(written.path())) {
      String path = path(part);
      WrittenFile check = new WrittenFile("Cannot publish " + path, file.footer());
      check.checkShape(part.rows().count(), columns, merge.config().rowGroupRows());
      ColumnVector.Longs key = (ColumnVector.Longs) file.reader().read(file.footer(), KEY);
      check.check("order of rows", true, Arrays.equals(key.values(), spine(part).timestamps()));
    }
  }

  /** Gives the files their final names. */
  void publish() throws IOException {
    published.clear();
    for (int i = 0; i < parts.size(); i++) {
      String path = path(parts.get(i));
      published.put(path, merge.storage().existing(files.get(i).path()));
      files.get(i).publish(path);
    }
  }

  private String path(Part part) {
    return TrainingCard.partPath(merge.config().trainingFile(), part.name());
  }

  /**
   * Makes sure that the parts under final names are those of the training file there, although
   * another merge may have given these names to its own meanwhile: the merge whose training file is
   * there writes its parts again, the other one takes its own away.
   *
   * @param whole the training file of this merge, under any name
   * @param temporary how names of files begin until they are published
   * @param keyValues of the training file's footer
   * @param cards of the parts that were published
   * @return those of the parts that are there now: the order of chunks is another each time
   */
  List<PartCard> settle(
      FileStatus whole, String temporary, Map<String, String> keyValues, List<PartCard> cards)
      throws IOException {
    Storage storage = merge.storage();
    String path = merge.config().trainingFile();
    List<PartCard> settled = cards;
    while (isThere(path, whole) && own().size() < parts.size()) {
      files.clear();
      settled = write(path, temporary, keyValues);
      publish();
    }

    if (isThere(path, whole)) {
      // A card that is there now is another merge's, whose training file is not.
      storage.delete(
          named(storage, path).stream().filter(file -> !published.containsKey(file)).toList());
    } else {
      storage.delete(own());
    }

    return settled;
  }

  /** Final names that files of this merge still have. */
  private List<String> own() throws IOException {
    List<String> own = new ArrayList<>();
    for (Map.Entry<String, FileStatus> file : published.entrySet()) {
      if (isThere(file.getKey(), file.getValue())) {
        own.add(file.getKey());
      }
    }

    return own;
  }

  private boolean isThere(String path, FileStatus file) throws IOException {
    return merge.storage().status(path).filter(found -> found.isRenamed(file)).isPresent();
  }

  /** Discards what has no final name. */
  @Override
  public void close() throws IOException {
    for (NewFile file : files) {
      file.close();
    }
  }
}
