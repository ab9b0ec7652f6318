package ml.bqx.merge.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ml.bqx.Workplace;
import ml.bqx.cli.Arguments;
import ml.bqx.config.MergeConfig;
import ml.bqx.merge.PlannedMerge;
import ml.bqx.merge.Slice;
import ml.bqx.merge.plan.MergePlan;
import ml.bqx.merge.plan.MergePlanner;
import ml.bqx.options.MergeOptions;
import ml.bqx.parquet.ChunkEncoder;
import ml.bqx.parquet.ChunkReference;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector;
import ml.bqx.parquet.ParquetAssembler;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.parquet.PartChecksums;
import ml.bqx.storage.Storage;
import ml.bqx.training.JoinCounts;
import ml.bqx.training.TrainingCard;
import ml.bqx.training.TrainingCard.PartCard;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.IterableCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step that publishes, tried again as runners do: after success, and without any. */
class RepeatedPublishTest {
  private static final ColumnSchema KEY =
      ColumnSchema.timestampMicros("interval_time").asRequired();

  @TempDir Path directory;

  private PlannedMerge merge;
  private Path part;
  private PartFile described;

  @BeforeEach
  void planAndWritePart() throws IOException {
    Path checkpoints = Files.createDirectories(directory.resolve("eurusd"));
    write(checkpoints.resolve("targets.parquet"), "y");
    write(checkpoints.resolve("agg.parquet"), "x");
    merge = plan();
    Files.createDirectories(directory.resolve("out/_temporary/run"));
    part = directory.resolve("out/_temporary/run/part-00000");
    write(part, "y", "agg__x");
    describe(false);
  }

  private void describe(boolean listed) throws IOException {
    String crc32c = Storage.local().checksum(part.toString());
    described = new PartFile(0, part.toString(), listed, crc32c, JoinCounts.NONE);
  }

  /** Makes the part a list: the target stays where it is, the feature is in a file beside it. */
  private Path listPart() throws IOException {
    Path targets = directory.resolve("eurusd/targets.parquet");
    Path gathered = part.resolveSibling("part-00000.parquet");
    PartChecksums checksums = write(gathered, "agg__x");
    List<Slice> slices = new ArrayList<>();
    try (ParquetFile left = Storage.local().open(targets.toString());
        ParquetFile beside = Storage.local().open(gathered.toString(), Optional.of(checksums))) {
      slices.add(new Slice.Stored(2, List.of(beside.footer().chunk(0, 1))));
      slices.add(new Slice.Stored(1, List.of(left.footer().chunk(0, 1))));
    }

    PartList.write(Storage.local(), part.toString(), slices);
    describe(true);
    return gathered;
  }

  private PlannedMerge plan(String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("--pair=eurusd", "--checkpoints=" + directory));
    args.add("--output=" + directory.resolve("out"));
    args.addAll(List.of(more));
    MergeConfig config =
        MergeConfig.from(Arguments.parse(MergeOptions.class, args.toArray(String[]::new)));
    MergePlan plan = MergePlanner.plan(Storage.local(), config);
    return PlannedMerge.of(plan);
  }

  private static PartChecksums write(Path file, String... names) throws IOException {
    List<ColumnSchema> columns = new ArrayList<>(List.of(KEY));
    Stream.of(names).map(ColumnSchema::float64).forEach(columns::add);
    try (ParquetAssembler parquet =
        new ParquetAssembler(Storage.local().create(file.toString()), columns)) {
      ChunkEncoder encoder = new ChunkEncoder(CompressionCodec.SNAPPY);
      parquet.addRowGroup(2);
      parquet.append(
          0, 0, encoder.encodeDeltas(KEY, new ColumnVector.Longs(new long[] {60, 120}, null)));
      for (int i = 1; i < columns.size(); i++) {
        parquet.append(
            0, i, encoder.encode(columns.get(i), new ColumnVector.Longs(new long[] {1, 2}, null)));
      }

      parquet.finish(Map.of());
      return parquet.checksums();
    }
  }

  private Path trainingFile() {
    return directory.resolve("out/training_eurusd.parquet");
  }

  private void publish() {
    Pipeline pipeline = Pipeline.create();
    PCollectionView<PlannedMerge> view =
        pipeline
            .apply("Plan", Create.of(merge).withCoder(SerializableCoder.of(PlannedMerge.class)))
            .apply(View.asSingleton());
    pipeline
        .apply(
            Create.of(KV.<String, Iterable<PartFile>>of("", List.of(described)))
                .withCoder(
                    KvCoder.of(
                        StringUtf8Coder.of(),
                        IterableCoder.of(SerializableCoder.of(PartFile.class)))))
        .apply(
            ParDo.of(new PublishTrainingFile(view, part.getParent().toString()))
                .withSideInputs(view));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void aSecondAttemptPublishesTheSameFile() throws IOException {
    publish();
    byte[] first = Files.readAllBytes(trainingFile());
    assertThat(part).exists();

    publish();

    assertThat(Files.readAllBytes(trainingFile())).isEqualTo(first);
  }

  @Test
  void aPartThatWasDamagedSinceItWasWrittenIsNotPublished() throws IOException {
    byte[] bytes = Files.readAllBytes(part);
    for (int at = 0; at < bytes.length; at += 97) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x04;
      Files.write(part, damaged);

      assertThatThrownBy(this::publish).as("byte %d", at).isInstanceOf(Exception.class);
    }

    bytes[bytes.length / 4] ^= 0x04;
    Files.write(part, bytes);
    assertThatThrownBy(this::publish)
        .hasMessageContaining("Cannot compose: the checksum of " + part + " is ")
        .hasMessageContaining(", it should be " + described.crc32c());
    assertThat(trainingFile()).doesNotExist();
  }

  @Test
  void whatAPartListsIsCopiedFromWhereItIs() throws IOException {
    publish();
    Path assembled = Files.move(trainingFile(), directory.resolve("assembled.parquet"));

    listPart();
    publish();

    assertThat(Workplace.differences(assembled, trainingFile())).isEmpty();
  }

  @Test
  void aListThatWasDamagedSinceItWasWrittenIsNotPublished() throws IOException {
    listPart();
    byte[] bytes = Files.readAllBytes(part);
    for (int at = 0; at < bytes.length; at += 17) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x04;
      Files.write(part, damaged);

      assertThatThrownBy(this::publish)
          .as("byte %d", at)
          .hasMessageContaining("Cannot merge: the checksum of " + part + " is ")
          .hasMessageContaining(", it should be " + described.crc32c());
    }

    assertThat(trainingFile()).doesNotExist();
  }

  @Test
  void aColumnThatWasDamagedSinceItWasListedIsNotPublished() throws IOException {
    Path gathered = listPart();
    byte[] bytes = Files.readAllBytes(gathered);
    ChunkReference chunk;
    try (ParquetFile file = Storage.local().open(gathered.toString())) {
      chunk = file.footer().chunk(0, 1);
    }

    for (int at = (int) chunk.start(); at < chunk.end(); at += 5) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x04;
      Files.write(gathered, damaged);

      assertThatThrownBy(this::publish)
          .as("byte %d", at)
          .hasMessageContaining("Cannot read %s: column agg__x in row group 0", gathered);
    }

    assertThat(trainingFile()).doesNotExist();
  }

  @Test
  void anAttemptAfterThePartsAreGoneFindsTheFilePublished() throws IOException {
    publish();
    Storage.local().deleteDirectory(part.getParent().toString());

    publish();

    assertThat(trainingFile()).exists();
  }

  @Test
  void anAttemptThatFindsNoCardMakesThePartsOfTheFileAgain() throws IOException {
    merge = plan("--split=train:0.5,test:0.5", "--purge=0", "--splitFiles");
    publish();
    Path card = directory.resolve("out/training_eurusd.json");
    Path train = directory.resolve("out/training_eurusd_train.parquet");
    // Their content is the same each time, the order of their chunks is not.
    Path first = Files.copy(train, directory.resolve("first.parquet"));
    // As a merge leaves them whose own training file was replaced by this one.
    Files.delete(card);
    Files.delete(train);

    publish();

    assertThat(Workplace.differences(first, train)).isEmpty();
    assertThat(TrainingCard.read(Storage.local(), trainingFile().toString()).orElseThrow().files())
        .extracting(PartCard::part)
        .containsExactly("train", "test");
  }

  @Test
  void withoutPartsAndWithoutThatFileItFails() throws IOException {
    publish();
    byte[] other = Files.readAllBytes(trainingFile());
    Storage.local().deleteDirectory(part.getParent().toString());
    Files.write(trainingFile(), java.util.Arrays.copyOf(other, other.length - 1));

    assertThatThrownBy(this::publish).hasMessageContaining("training_eurusd.parquet");
    Files.delete(trainingFile());
    assertThatThrownBy(this::publish).hasMessageContaining("out/_temporary/run/");
  }
}
