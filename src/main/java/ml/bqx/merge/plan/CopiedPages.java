package ml.bqx.merge.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.config.MergeConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.merge.plan.Provenance.Extracted;
import ml.bqx.options.Compression;
import ml.bqx.options.Layout;
import ml.bqx.options.MergeMethod;
import ml.bqx.parquet.ParquetFooter;
import org.apache.parquet.format.CompressionCodec;

/** Pages that a merge copies as they are, and the compression that was asked for. */
public final class CopiedPages {
  private CopiedPages() {}

  /**
   * Makes sure that pages that are copied have the compression that was asked for.
   *
   * @param footers of the files of one checkpoint
   * @throws InvalidInputException when they have another, and are not to be encoded again
   */
  static void check(MergeConfig config, Provenance provenance, List<ParquetFooter> footers) {
    // Pages that nobody has summed are encoded again by all methods but compose.
    boolean copied =
        config.mergeMethod() == MergeMethod.COMPOSE
            || (config.mergeMethod().copiesPages() && provenance instanceof Extracted);
    if (!copied || config.recompress()) {
      return;
    }

    for (ParquetFooter footer : footers) {
      Optional<String> other = otherCompression(config, footer);
      if (isAligned(footer) && other.isPresent()) {
        throw new InvalidInputException(
            "Cannot merge %s: its pages are compressed with %s, --compression=%s asks for another, and %s copies them; leave the option out, extract with it, or encode pages again with --mergeMethod=stream --recompress"
                .formatted(footer.file(), other.get(), config.compression(), config.mergeMethod()));
      }
    }
  }

  /** Whether a file says that its rows are the spine's. */
  static boolean isAligned(ParquetFooter footer) {
    return Layout.ALIGNED.toString().equals(footer.keyValues().get(FooterKeys.LAYOUT));
  }

  /** Whether pages of an aligned checkpoint must be encoded again. */
  public static boolean areOther(MergeConfig config, List<ParquetFooter> footers) {
    return config.recompress()
        && footers.stream().anyMatch(footer -> otherCompression(config, footer).isPresent());
  }

  /** A compression of a file that is not the one that was asked for; empty when none was. */
  private static Optional<String> otherCompression(MergeConfig config, ParquetFooter footer) {
    if (config.compression() == null) {
      return Optional.empty();
    }

    for (int group = 0; group < footer.rowGroups(); group++) {
      for (int column = 0; column < footer.columns().size(); column++) {
        CompressionCodec codec = footer.chunk(group, column).metadata().getCodec();
        if (codec != config.codec()) {
          return Optional.of(codec.name().toLowerCase(Locale.ROOT));
        }
      }
    }

    String made = footer.keyValues().getOrDefault(FooterKeys.COMPRESSION, "zstd");
    return config.compression() == Compression.BEST && !made.equals(Compression.BEST.toString())
        ? Optional.of(made)
        : Optional.empty();
  }
}
