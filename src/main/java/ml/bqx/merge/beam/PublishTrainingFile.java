package ml.bqx.merge.beam;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.TrainingFile;
import ml.bqx.merge.Workspace;
import ml.bqx.parquet.Composer;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.ParquetFooter;
import ml.bqx.storage.Concatenation;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;

/** Makes one file of the parts in spine order, verifies it and gives it its final name. */
final class PublishTrainingFile extends DoFn<KV<String, Iterable<PartFile>>, Void> {
  private static final long serialVersionUID = 1L;

  private final PCollectionView<PlannedMerge> merge;
  private final String temporaryDirectory;

  PublishTrainingFile(PCollectionView<PlannedMerge> merge, String temporaryDirectory) {
    this.merge = merge;
    this.temporaryDirectory = temporaryDirectory;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    List<PartFile> parts = Lists.newArrayList(context.element().getValue());
    parts.sort(Comparator.comparingInt(PartFile::block));
    PlannedMerge planned = context.sideInput(merge);
    Storage storage = planned.storage();
    TrainingFile training = planned.trainingFile();
    String temporary = Workspace.trainingFile(temporaryDirectory);
    try (Concatenation file = storage.concatenate(temporary)) {
      List<Composer.Part> composed = new ArrayList<>();
      for (PartFile part : parts) {
        ParquetFooter footer;
        try (ParquetFile opened = storage.open(part.path())) {
          footer = opened.footer();
        }

        composed.add(new Composer.Part(footer, file.appendPart(footer)));
      }

      file.finish(Composer.endToEnd(composed, training.keyValues()));
    }

    training.publish(temporary);
    Workspace.delete(storage, planned.config(), temporaryDirectory);
  }
}
