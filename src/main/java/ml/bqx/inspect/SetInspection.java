package ml.bqx.inspect;

import java.io.PrintStream;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.cli.Summary;
import ml.bqx.cli.TextTable;

/** A set of checkpoints, by its manifest alone. */
public final class SetInspection {
  private SetInspection() {}

  /**
   * Prints what was extracted, and of every group the table, its age, columns, missing rows and
   * nulls.
   *
   * @param directory where the manifest is
   */
  public static void print(String directory, Manifest manifest, PrintStream out) {
    Manifest.SpineEntry spine = manifest.spine();
    String snapshot = manifest.snapshotTime();
    new Summary("checkpoints " + directory)
        .add("pair", manifest.pair())
        .add("warehouse", manifest.warehouse())
        .add("snapshot", snapshot == null ? "none" : snapshot)
        .add("layout", manifest.layout())
        .count("rows", spine.rows())
        .add("first", spine.first())
        .add("last", spine.last())
        .count("rows of a row group", spine.rowGroupRows())
        .count("checkpoints", manifest.checkpoints().size())
        .count("features", manifest.features())
        .count("targets", manifest.targets())
        .bytes("size", manifest.bytes())
        .table("groups", groups(manifest))
        .print(out);
  }

  private static TextTable groups(Manifest manifest) {
    TextTable table = new TextTable("lllrrrr");
    table.row("group", "table", "table written", "columns", "rows missing", "nulls", "bytes");
    for (CheckpointEntry entry : manifest.checkpoints()) {
      String written = entry.lastModified();
      table.row(
          entry.group(),
          entry.dataset() + "." + entry.table(),
          written == null ? "unknown" : written,
          "%,d".formatted(entry.columns().size()),
          "%,d".formatted(entry.rowsMissing()),
          "%,d".formatted(entry.columns().stream().mapToLong(ColumnEntry::nulls).sum()),
          "%,d".formatted(entry.bytes()));
    }

    return table;
  }
}
