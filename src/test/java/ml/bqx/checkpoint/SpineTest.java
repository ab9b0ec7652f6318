package ml.bqx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class SpineTest {
  @Property
  void timestampsAreSortedAndEachIsThereOnce(@ForAll @Size(max = 200) long[] timestamps) {
    Spine spine = Spine.of(timestamps.clone(), 0);

    assertThat(spine.timestamps()).containsExactly(sorted(timestamps));
    assertThat(spine.rows()).isEqualTo(sorted(timestamps).length);
  }

  @Property
  void theLimitKeepsTheFirstTimestamps(
      @ForAll @Size(max = 50) long[] timestamps, @ForAll @LongRange(min = 1, max = 60) long limit) {
    assertThat(Spine.of(timestamps.clone(), limit).timestamps())
        .containsExactly(LongStream.of(sorted(timestamps)).limit(limit).toArray());
  }

  @Property
  void rowsAreFoundWhateverTheGuess(
      @ForAll @Size(min = 1, max = 50) Set<@LongRange(min = 0, max = 100) Long> timestamps,
      @ForAll @LongRange(min = -10, max = 110) long wanted,
      @ForAll @IntRange(max = 60) int guess) {
    Spine spine = spine(timestamps);

    int row = spine.rowOf(wanted, guess);

    if (timestamps.contains(wanted)) {
      assertThat(spine.timestamps()[row]).isEqualTo(wanted);
    } else {
      assertThat(row).isNegative();
    }
  }

  @Property
  void slicesPutBehindEachOtherAreTheSpine(
      @ForAll @Size(min = 1, max = 50) long[] timestamps, @ForAll @IntRange(max = 50) int cut) {
    Spine spine = Spine.of(timestamps.clone(), 0);
    Assume.that(cut <= spine.rows());

    assertThat(
            LongStream.concat(
                    LongStream.of(spine.slice(0, cut).timestamps()),
                    LongStream.of(spine.slice(cut, spine.rows()).timestamps()))
                .toArray())
        .containsExactly(spine.timestamps());
  }

  @Property
  void theRangeHoldsEveryRowAndNothingBeyond(
      @ForAll @Size(min = 1, max = 50)
          List<@LongRange(min = -1_000, max = 1_000) Long> timestamps) {
    Spine spine = spine(timestamps);
    TimeRange range = spine.range();

    assertThat(timestamps).allMatch(range::contains);
    assertThat(range.contains(spine.timestamps()[0] - 1)).isFalse();
    assertThat(range.contains(spine.timestamps()[spine.rows() - 1] + 1)).isFalse();
  }

  @Property
  void theFingerprintTellsSpinesApart(
      @ForAll @Size(max = 5) Set<@LongRange(min = 0, max = 9) Long> one,
      @ForAll @Size(max = 5) Set<@LongRange(min = 0, max = 9) Long> other) {
    String first = spine(one).fingerprint();

    assertThat(first).matches("[0-9a-f]{16}").isEqualTo(spine(one).fingerprint());
    assertThat(first.equals(spine(other).fingerprint())).isEqualTo(one.equals(other));
  }

  /** It is in the footers of all checkpoints there are: another one makes all of them stale. */
  @Example
  void theFingerprintStaysTheSameForAllTime() {
    assertThat(new Spine(new long[] {1_704_067_200_000_000L, 1_704_067_260_000_000L}).fingerprint())
        .isEqualTo("6f6418838164e391");
  }

  @Example
  void anEmptySpineHasAnEmptyRange() {
    Spine spine = Spine.of(new long[0], 0);

    assertThat(spine.rows()).isZero();
    assertThat(spine.range().contains(0)).isFalse();
  }

  @Example
  void timestampsOutOfOrderAreRefused() {
    assertThatThrownBy(() -> new Spine(new long[] {60_000_000, 120_000_000, 120_000_000}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use row 2 as spine: 1970-01-01T00:02:00Z is not after 1970-01-01T00:02:00Z");
  }

  private static Spine spine(Collection<Long> timestamps) {
    return Spine.of(timestamps.stream().mapToLong(t -> t).toArray(), 0);
  }

  private static long[] sorted(long[] timestamps) {
    return Arrays.stream(timestamps).sorted().distinct().toArray();
  }
}
