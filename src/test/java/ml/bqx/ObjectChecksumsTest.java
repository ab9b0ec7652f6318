package ml.bqx;

import static ml.bqx.Workplace.PAIR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.cli.Arguments;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.MergePlanner;
import ml.bqx.options.MergeOptions;
import ml.bqx.storage.FileStatus;
import ml.bqx.storage.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that knows the checksums of its objects: no method is given others than the manifest's.
 */
@ExtendWith(SampleSets.class)
class ObjectChecksumsTest {
  @TempDir Path directory;

  @Test
  void anObjectOfTheRightSizeAndAnotherChecksumIsRefused(SampleSets.Sets sets) throws Exception {
    Workplace place = sets.copy(sets.aligned(), directory);
    MergeConfig config =
        MergeConfig.from(
            Arguments.parse(
                MergeOptions.class,
                "--pair=" + PAIR,
                "--checkpoints=" + place.checkpoints(),
                "--output=" + place.output()));
    assertThat(MergePlanner.plan(withChecksums(), config).sources()).hasSize(16);

    Path file = place.directory().resolve("checkpoint_mkt_regime-00001-of-00003.parquet");
    String before = Storage.local().checksum(file.toString());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 0x01;
    Files.write(file, bytes);

    assertThatThrownBy(() -> MergePlanner.plan(withChecksums(), config))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "Cannot merge %s: 1 of 48 checkpoint files are truncated or changed: %s (its checksum is %s, the manifest says %s); run the extraction again, only these are extracted again",
            place.directory(),
            file.getFileName(),
            Storage.local().checksum(file.toString()),
            before);
  }

  /** The local storage, with listings like those of Cloud Storage. */
  private static Storage withChecksums() {
    Storage local = Storage.local();
    InvocationHandler handler =
        (proxy, method, args) -> {
          if (method.getName().equals("list") && args.length == 2) {
            List<FileStatus> files = local.list((String) args[0], (String) args[1]);
            return files.stream().map(ObjectChecksumsTest::withChecksum).toList();
          }

          return method.isDefault()
              ? InvocationHandler.invokeDefault(proxy, method, args)
              : method.invoke(local, args);
        };
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, handler);
  }

  private static FileStatus withChecksum(FileStatus file) {
    try {
      return new FileStatus(
          file.path(),
          file.bytes(),
          file.modified(),
          file.identity(),
          Storage.local().checksum(file.path()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
