package ml.bqx.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import ml.bqx.checkpoint.Spine;
import ml.bqx.cli.Arguments;
import ml.bqx.config.MergeConfig;
import ml.bqx.config.SplitConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.MergeOptions;
import ml.bqx.training.TrainingSplits.Fold;
import ml.bqx.training.TrainingSplits.Part;
import ml.bqx.training.TrainingSplits.Rows;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SplitPlanTest {
  private static final long MINUTE = 60_000_000L;

  /** 2024-01-01T00:00:00Z. */
  private static final long START = 1_704_067_200L * 1_000_000;

  private static final List<String> TARGETS = List.of("target_h15", "target_h60");

  /** What the split is for: whoever fits on one part can know nothing of another. */
  @Property(tries = 500)
  void noRowOfAPartIsWithinPurgeOrEmbargoOfAnother(
      @ForAll @Size(min = 2, max = 400) List<@IntRange(min = 1, max = 90) Integer> gaps,
      @ForAll @IntRange(min = 1, max = 98) int train,
      @ForAll @IntRange(min = 0, max = 300) int purge,
      @ForAll @IntRange(min = 0, max = 300) int embargo,
      @ForAll @IntRange(min = 0, max = 4) int folds) {
    Spine spine = spine(gaps.stream().mapToLong(Integer::longValue).toArray());
    int valid = (100 - train) / 2;
    String split =
        valid == 0
            ? "train:0.%02d,test:0.%02d".formatted(train, 100 - train)
            : "train:0.%02d,valid:0.%02d,test:0.%02d".formatted(train, valid, 100 - train - valid);
    TrainingSplits splits;
    try {
      splits =
          plan(
              spine,
              "--split=" + split,
              "--purge=" + purge,
              "--embargo=" + embargo,
              "--folds=" + folds);
    } catch (InvalidInputException e) {
      // Too few rows for so much: refused, and not made smaller.
      assertThat(e.getMessage()).startsWith("Cannot split: ");
      return;
    }

    List<Rows> parts = splits.parts().stream().map(Part::rows).toList();
    assertApart(spine, parts, Math.max(purge, embargo));
    for (Fold fold : splits.folds()) {
      assertApart(spine, List.of(fold.train(), fold.test()), Math.max(purge, embargo));
      assertThat(fold.test().to()).isLessThanOrEqualTo(parts.get(0).to());
    }

    long inParts = parts.stream().mapToLong(Rows::count).sum();
    assertThat(inParts + splits.rowsPurged() + splits.rowsEmbargoed() + splits.rowsElsewhere())
        .isEqualTo(spine.rows());
  }

  private static void assertApart(Spine spine, List<Rows> parts, long minutes) {
    for (int i = 0; i < parts.size(); i++) {
      assertThat(parts.get(i).count()).isPositive();
      for (int j = i + 1; j < parts.size(); j++) {
        long last = spine.timestamps()[parts.get(i).to() - 1];
        long first = spine.timestamps()[parts.get(j).from()];
        assertThat(first - last).isGreaterThan(minutes * MINUTE);
      }
    }
  }

  @Test
  void thePurgeIsTheLongestHorizonUnlessItIsGiven() {
    Spine spine = minutes(1_000);

    TrainingSplits splits = plan(spine, "--split=train:0.5,test:0.5");

    assertThat(splits.purgeMinutes()).isEqualTo(60);
    assertThat(splits.parts())
        .containsExactly(
            new Part("train", Rows.of(spine, 0, 440)),
            new Part("test", Rows.of(spine, 500, 1_000)));
    assertThat(splits.rowsPurged()).isEqualTo(60);
  }

  @Test
  void anEmbargoShortensTheNextPart() {
    Spine spine = minutes(1_000);

    TrainingSplits splits = plan(spine, "--split=a:0.5,b:0.5", "--purge=0", "--embargo=30");

    assertThat(splits.parts())
        .containsExactly(
            new Part("a", Rows.of(spine, 0, 500)), new Part("b", Rows.of(spine, 530, 1_000)));
    assertThat(splits.rowsEmbargoed()).isEqualTo(30);
  }

  @Test
  void partsCanBeDaysWithGapsBetweenThem() {
    Spine spine = minutes(5 * 1_440);

    TrainingSplits splits =
        plan(spine, "--split=train:..2024-01-02,valid:2024-01-04..2024-01-04,test:2024-01-05..");

    assertThat(splits.parts())
        .containsExactly(
            new Part("train", Rows.of(spine, 0, 2_880)),
            new Part("valid", Rows.of(spine, 4_320, 5_700)),
            new Part("test", Rows.of(spine, 5_760, 7_200)));
    assertThat(splits.rowsElsewhere()).isEqualTo(1_440);
  }

  @Test
  void foldsWalkForward() {
    Spine spine = minutes(600);

    TrainingSplits splits = plan(spine, "--folds=2", "--purge=10");

    assertThat(splits.folds())
        .containsExactly(
            new Fold(Rows.of(spine, 0, 190), Rows.of(spine, 200, 400)),
            new Fold(Rows.of(spine, 0, 390), Rows.of(spine, 400, 600)));
  }

  @Test
  void whatLeavesNothingIsRefused() {
    Spine spine = minutes(100);

    assertRefused(
        spine, "nothing is left of train, which has 50 rows", "--split=train:0.5,test:0.5");
    assertRefused(spine, "part test has no rows", "--split=train:..2024-01-01,test:2024-01-02..");
    assertRefused(spine, "100 rows are too few for --folds=100", "--folds=100", "--purge=0");
    assertThatThrownBy(
            () -> SplitPlan.of(config("--folds=2"), spine, List.of("target_h15", "direction")))
        .hasMessage(
            "Cannot split: the names of these targets do not tell how many minutes they look ahead"
                + " (_h{minutes}): direction; set --purge");
  }

  @Test
  void partsThatOverlapOrLeaveRowsAreRefused() {
    assertInvalid("the parts overlap: their shares make 1.1 of the rows", "--split=a:0.6,b:0.5");
    assertInvalid("the shares make only 0.9 of the rows", "--split=a:0.6,b:0.3");
    assertInvalid(
        "the parts overlap: b must begin after the last day of a",
        "--split=a:..2024-01-02,b:2024-01-02..");
    assertInvalid("two parts are named A", "--split=a:0.5,A:0.5");
    assertInvalid("part b has no rows", "--split=a:1,b:0");
    assertInvalid("--purge=10: needs --split or --folds", "--purge=10");
    assertInvalid("--splitFiles=true: needs --split", "--splitFiles");
    assertInvalid("--purge=-1: not a number of minutes", "--split=a:1", "--purge=-1");
  }

  private static void assertRefused(Spine spine, String message, String... options) {
    assertThatThrownBy(() -> plan(spine, options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private static void assertInvalid(String message, String... options) {
    assertThatThrownBy(() -> config(options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private static Spine minutes(int rows) {
    return spine(LongStream.generate(() -> 1).limit(rows - 1L).toArray());
  }

  private static Spine spine(long... gaps) {
    List<Long> timestamps = new ArrayList<>(List.of(START));
    for (long gap : gaps) {
      timestamps.add(timestamps.get(timestamps.size() - 1) + gap * MINUTE);
    }

    return new Spine(timestamps.stream().mapToLong(Long::longValue).toArray());
  }

  private static TrainingSplits plan(Spine spine, String... options) {
    return SplitPlan.of(config(options), spine, TARGETS);
  }

  private static SplitConfig config(String... options) {
    List<String> args =
        new ArrayList<>(List.of("--pair=eurusd", "--checkpoints=in", "--output=out"));
    args.addAll(List.of(options));
    return MergeConfig.from(Arguments.parse(MergeOptions.class, args.toArray(String[]::new)))
        .split();
  }
}
