package ml.bqx.checkpoint;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import ml.bqx.catalog.FeatureGroup;
import ml.bqx.config.BigQueryConfig;
import ml.bqx.config.ExtractConfig;
import ml.bqx.options.FloatType;

/** 16 hex digits of a SHA-256; equal for equal content. */
public final class Fingerprint {
  private static final int DIGITS = 16;

  private Fingerprint() {}

  /**
   * Fingerprint of the checkpoint format and of those options that determine a checkpoint's
   * content. It must stay the same across releases: a change here makes every existing checkpoint
   * stale.
   */
  public static String of(ExtractConfig config) {
    String canonical =
        String.join(
            "\n",
            "format=" + Build.CHECKPOINT_FORMAT,
            "featuresDataset=" + config.featuresDataset(),
            "analyticsDataset=" + config.analyticsDataset(),
            "startDate=" + Objects.toString(config.dates().start(), ""),
            "endDate=" + Objects.toString(config.dates().end(), ""),
            "limit=" + config.limit(),
            "layout=" + config.layout(),
            "rowGroupRows=" + config.rowGroupRows(),
            "shardRows=" + config.shardRows(),
            "onDuplicate=" + config.onDuplicate(),
            "compression=" + config.compression());
    // Nothing for the usual type, so that checkpoints of earlier versions stay good.
    canonical += config.floatType() == FloatType.FLOAT64 ? "" : "\nfloatType=" + config.floatType();
    if (config.source() instanceof BigQueryConfig bigQuery) {
      canonical += "\nproject=" + bigQuery.project();
      canonical += bigQuery.rowFilters().isEmpty() ? "" : "\nrowFilter=" + bigQuery.rowFilters();
    }

    return of(canonical);
  }

  /** Fingerprint of everything that determines the content of a group's checkpoint. */
  public static String of(ExtractConfig config, FeatureGroup group, String spine) {
    return of(
        String.join(
            "\n",
            group.table().qualifiedName(),
            group.name(),
            Objects.toString(group.table().lastModified(), "") + group.table().revision(),
            group.columns().toString(),
            spine,
            of(config)));
  }

  static String of(String text) {
    return of(Hashing.sha256().hashString(text, StandardCharsets.UTF_8));
  }

  static String of(byte[] content) {
    return of(Hashing.sha256().hashBytes(content));
  }

  private static String of(HashCode hash) {
    return hash.toString().substring(0, DIGITS);
  }
}
