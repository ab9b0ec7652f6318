package ml.bqx.merge;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.bqx.checkpoint.FooterKeys;
import ml.bqx.checkpoint.Spine;
import ml.bqx.options.Layout;
import ml.bqx.parquet.ParquetFooter;

/**
 * Determines whether the files of a checkpoint, concatenated, have exactly the spine's rows, in row
 * groups equal to the row blocks, so that their column chunks can be copied unchanged.
 */
public final class Alignment {
  private Alignment() {}

  /** Why the checkpoint is not aligned, phrased to follow its name; empty when it is aligned. */
  public static Optional<String> problem(
      List<ParquetFooter> footers, Spine spine, BlockLayout blocks) {
    int block = 0;
    for (ParquetFooter footer : footers) {
      Map<String, String> keyValues = footer.keyValues();
      if (!Layout.ALIGNED.toString().equals(keyValues.get(FooterKeys.LAYOUT))) {
        return Optional.of(footer.file() + " was not written in the aligned layout");
      }

      if (!spine.fingerprint().equals(keyValues.get(FooterKeys.SPINE))) {
        return Optional.of(footer.file() + " is aligned to a different spine than the targets");
      }

      for (int group = 0; group < footer.rowGroups(); group++, block++) {
        long expected = block < blocks.blocks() ? blocks.rows(block) : 0;
        if (footer.rows(group) != expected) {
          return Optional.of(
              "%s has %,d rows in row group %d where the row block has %,d (see --rowGroupRows)"
                  .formatted(footer.file(), footer.rows(group), group, expected));
        }
      }
    }

    return block == blocks.blocks()
        ? Optional.empty()
        : Optional.of(
            "%s has %,d row groups where there are %,d row blocks (see --rowGroupRows)"
                .formatted(footers.get(0).file(), block, blocks.blocks()));
  }
}
