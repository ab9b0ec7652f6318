package ml.bqx.training;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;
import java.util.List;
import ml.bqx.checkpoint.Spine;

/**
 * Which rows of a training file are for what. Between any two parts there are more minutes than the
 * purge and the embargo have, so that no row of one knows anything of another.
 *
 * @param purgeMinutes minutes that the targets of a row look ahead
 * @param embargoMinutes minutes after a part that the next one does not get
 * @param parts in the order of time
 * @param folds walk-forward folds of the first part, or of all rows when there are no parts
 * @param rowsPurged rows at the ends of parts that are in none
 * @param rowsEmbargoed rows at the starts of parts that are in none
 * @param rowsElsewhere rows of days that are in none
 */
public record TrainingSplits(
    long purgeMinutes,
    long embargoMinutes,
    List<Part> parts,
    List<Fold> folds,
    long rowsPurged,
    long rowsEmbargoed,
    long rowsElsewhere)
    implements Serializable {
  public TrainingSplits {
    parts = List.copyOf(parts);
    folds = List.copyOf(folds);
  }

  /**
   * Consecutive rows, counted from 0.
   *
   * @param from the first row
   * @param to the row behind the last one
   * @param first timestamp of the first row, ISO 8601
   * @param last timestamp of the last row, ISO 8601
   */
  public record Rows(int from, int to, String first, String last) implements Serializable {
    /** Rows of a file whose key is the spine. */
    public static Rows of(Spine spine, int from, int to) {
      long[] timestamps = spine.timestamps();
      return new Rows(from, to, Spine.text(timestamps[from]), Spine.text(timestamps[to - 1]));
    }

    /** How many there are. */
    @JsonIgnore
    public int count() {
      return to - from;
    }
  }

  /** A named part. */
  public record Part(String name, Rows rows) implements Serializable {}

  /** A fold: the rows to train on, and later ones to test on. */
  public record Fold(Rows train, Rows test) implements Serializable {}
}
