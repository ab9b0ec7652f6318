package ml.bqx.extract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Category;
import ml.bqx.catalog.Skipped;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.checkpoint.Spine;
import ml.bqx.checkpoint.Timestamps;
import ml.bqx.checkpoint.Tool;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.ExtractConfig;
import ml.bqx.storage.Storage;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;

/** Writes the manifest when every group of the catalog is committed, or says which are not. */
final class PublishManifest extends DoFn<KV<String, Iterable<GroupOutcome>>, Void> {
  private static final long serialVersionUID = 1L;

  private final Storage storage;
  private final ExtractConfig config;
  private final Catalog catalog;
  private final PCollectionView<KV<Spine, Long>> spine;

  PublishManifest(
      Storage storage,
      ExtractConfig config,
      Catalog catalog,
      PCollectionView<KV<Spine, Long>> spine) {
    this.storage = storage;
    this.config = config;
    this.catalog = catalog;
    this.spine = spine;
  }

  @ProcessElement
  public void process(ProcessContext context) throws IOException {
    List<CheckpointEntry> entries = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (GroupOutcome outcome : context.element().getValue()) {
      if (outcome.committed()) {
        entries.add(CheckpointEntry.parse(outcome.text()));
      } else {
        failures.add(outcome.text());
      }
    }

    checkComplete(entries, failures);
    KV<Spine, Long> rows = context.sideInput(spine);
    manifest(
            config,
            catalog,
            Objects.requireNonNull(rows.getKey()),
            Objects.requireNonNull(rows.getValue()),
            entries)
        .write(storage, config.checkpointDirectory());
  }

  private void checkComplete(List<CheckpointEntry> entries, List<String> failures) {
    int expected = catalog.groups().size() + 1;
    if (failures.isEmpty() && entries.size() == expected) {
      return;
    }

    throw new InvalidInputException(
        "Cannot complete the extraction: %,d of %,d checkpoints are missing; the others are kept, run again after fixing this"
            .formatted(expected - entries.size(), expected),
        failures.stream().sorted().toList());
  }

  /**
   * The manifest of an extraction.
   *
   * @param incompleteTargets target rows left out because a target is null
   * @param entries of all groups of the catalog and the targets, in any order; sorted
   */
  static Manifest manifest(
      ExtractConfig config,
      Catalog catalog,
      Spine rows,
      long incompleteTargets,
      List<CheckpointEntry> entries) {
    entries.sort(
        Comparator.comparing((CheckpointEntry entry) -> entry.category() != Category.TARGETS)
            .thenComparing(CheckpointEntry::group));
    Map<String, Integer> skipped = new LinkedHashMap<>();
    for (Skipped left : catalog.skipped()) {
      skipped.put(left.reason().toString(), left.tables().size());
    }

    long last = rows.timestamps()[rows.rows() - 1];
    return new Manifest(
        Manifest.VERSION,
        Tool.NAME_AND_VERSION,
        config.pair().name(),
        config.warehouseName(),
        config.bigQuery() == null ? null : config.bigQuery().snapshotTime().toString(),
        config.layout().toString(),
        config.fingerprint(),
        new Manifest.SpineEntry(
            rows.rows(),
            Timestamps.text(rows.timestamps()[0]),
            Timestamps.text(last),
            rows.fingerprint(),
            config.rowGroupRows(),
            incompleteTargets),
        skipped,
        entries);
  }
}
