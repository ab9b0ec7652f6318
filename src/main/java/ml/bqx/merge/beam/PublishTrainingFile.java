package ml.bqx.merge.beam;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Lists;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.merge.TrainingFile;
import ml.bqx.merge.TrainingFileWriter;
import ml.bqx.parquet.Composer;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Concatenation;
import ml.bqx.storage.NewFile;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one file of the parts in their order, verifies it and gives it its final name.
 *
 * <p>A runner may try this again, also while another attempt is at work, and also when the file was
 * published without the runner knowing it: each attempt writes a file of its own, the parts stay,
 * and once they are deleted, the published file counts as this attempt's.
 */
final class PublishTrainingFile extends DoFn<KV<String, Iterable<PartFile>>, String> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(PublishTrainingFile.class);

  private final PCollectionView<PlannedMerge> merge;
  private final String temporaryDirectory;

  PublishTrainingFile(PCollectionView<PlannedMerge> merge, String temporaryDirectory) {
    this.merge = merge;
    this.temporaryDirectory = temporaryDirectory;
  }

  /** Outputs the directory that is no longer needed. */
  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    List<PartFile> parts = Lists.newArrayList(context.element().getValue());
    parts.sort(Comparator.comparingInt(PartFile::part));
    JoinCounts joined = JoinCounts.sum(parts.stream().map(PartFile::joined).toList());
    PlannedMerge planned = context.sideInput(merge);
    TrainingFile training = planned.trainingFile();
    String temporary = "%s/training-%s".formatted(temporaryDirectory, UUID.randomUUID());
    try (NewFile written = planned.storage().newFile(temporary)) {
      String crc32c =
          parts.get(0).listed()
              ? copy(planned, parts, written)
              : compose(planned, parts, training, written);
      training.publish(written, crc32c, joined);
    } catch (NoSuchFileException | FileNotFoundException e) {
      if (!training.isPublished(temporary, joined)) {
        throw e;
      }

      LOG.info("Another attempt has published the training file");
    }

    context.output(temporaryDirectory);
  }

  /**
   * Copies what the parts list from the files where it is.
   *
   * @return the checksum of the file
   */
  private static String copy(PlannedMerge planned, List<PartFile> parts, NewFile written)
      throws IOException {
    PartLayout layout = PartLayout.of(planned);
    List<TrainingFileWriter.Placed> placed = new ArrayList<>();
    for (PartFile part : parts) {
      int block = layout.block(part.part());
      for (Slice.Stored slices : PartList.read(planned.storage(), part)) {
        placed.add(new TrainingFileWriter.Placed(block, slices));
      }
    }

    try (TrainingFileWriter file = TrainingFileWriter.create(planned, written)) {
      file.copy(placed);
      return file.finish(JoinCounts.NONE).crc32c();
    }
  }

  /**
   * Puts the parts together.
   *
   * @return the checksum of the file
   */
  private static String compose(
      PlannedMerge planned, List<PartFile> parts, TrainingFile training, NewFile written)
      throws IOException {
    Storage storage = planned.storage();
    try (Concatenation file = written.concatenate()) {
      List<ParquetFooter> footers = new ArrayList<>();
      for (PartFile part : parts) {
        try (ParquetFile opened = storage.open(part.path())) {
          footers.add(opened.footer());
        }
      }

      file.expect(footers);
      PartLayout layout = PartLayout.of(planned);
      ListMultimap<Integer, Composer.Part> ranges = ArrayListMultimap.create();
      for (int i = 0; i < parts.size(); i++) {
        long shift = file.append(footers.get(i), parts.get(i).crc32c());
        ranges.put(layout.range(parts.get(i).part()), new Composer.Part(footers.get(i), shift));
      }

      file.finish(
          Composer.tiled(
              IntStream.range(0, layout.ranges()).mapToObj(ranges::get).toList(),
              planned.plan().order(),
              training.keyValues()));
      return file.checksum(storage, written.path());
    }
  }
}
