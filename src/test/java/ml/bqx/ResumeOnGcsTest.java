package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.checkpoint.CommittedSpine;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.commit.CheckpointCommit;
import ml.bqx.cli.Arguments;
import ml.bqx.config.BeamCloudConfig;
import ml.bqx.config.ExtractConfig;
import ml.bqx.doubles.ObjectStore;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.ExtractOptions;
import ml.bqx.storage.Storage;
import ml.bqx.warehouse.Discovery;
import ml.bqx.warehouse.duckdb.DuckDbWarehouse;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an extraction to Cloud Storage asks for before it keeps a checkpoint. */
@ExtendWith(SampleSets.class)
class ResumeOnGcsTest {
  @TempDir Path bucket;

  @Test
  void checksumsAreThoseThatCloudStorageKeepsAndNoCheckpointIsDownloaded(SampleSets.Sets sets)
      throws Exception {
    Path local = sets.aligned().directory();
    Path folder = bucket.resolve("eurusd");
    copy(local, folder);
    Path damaged = folder.resolve("checkpoint_mkt_regime-00001-of-00003.parquet");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 0x10;
    Files.write(damaged, bytes);
    Files.delete(folder.resolve("checkpoint_csi_agg_aud-00002-of-00003.parquet"));
    Spine spine =
        CommittedSpine.read(
            Storage.local(), config(sets, sets.aligned().checkpoints().toString(), ""));

    try (ObjectStore stub = new ObjectStore(bucket)) {
      ExtractOptions options = options(sets, "gs://bucket", stub.endpoint());
      ExtractConfig config = ExtractConfig.from(options);
      Storage storage = Storage.of(BeamCloudConfig.of(BeamOptions.of(options)));

      for (FeatureGroup group : catalog(config, sets).groups()) {
        boolean isHarmed = List.of("mkt_regime", "csi_agg_aud").contains(group.table().name());
        assertThat(new CheckpointCommit(storage, config, group, spine).committed().isPresent())
            .as(group.table().name())
            .isEqualTo(!isHarmed);
      }

      assertThat(stub.downloads)
          .isNotEmpty()
          .allMatch(object -> object.startsWith("eurusd/_commits/"));
      assertThat(stub.calls).noneMatch(call -> call.endsWith("/o"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        MoreFiles.createParentDirectories(copy);
        Files.copy(file, copy);
      }
    }
  }

  private static Catalog catalog(ExtractConfig config, SampleSets.Sets sets) throws IOException {
    try (DuckDbWarehouse warehouse = DuckDbWarehouse.open(sets.warehouse())) {
      return Discovery.of(config, warehouse).catalog();
    }
  }

  private static ExtractConfig config(SampleSets.Sets sets, String checkpoints, String endpoint) {
    return ExtractConfig.from(options(sets, checkpoints, endpoint));
  }

  private static ExtractOptions options(SampleSets.Sets sets, String checkpoints, String endpoint) {
    Workplace place = new Workplace(sets.aligned().checkpoints(), sets.warehouse());
    return Arguments.parse(
        ExtractOptions.class,
        place.extractArgs(
            "--checkpoints=" + checkpoints,
            "--gcsEndpoint=" + endpoint,
            "--credentialFactoryClass=" + NoopCredentialFactory.class.getName()));
  }
}
