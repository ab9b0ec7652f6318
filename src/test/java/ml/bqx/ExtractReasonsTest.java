package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Before checkpoints are made again, it is said why. */
@ExtendWith(SampleSets.class)
class ExtractReasonsTest {
  private static final String GROUPS = "--groups={agg,cyc}_*";

  @TempDir Path directory;

  @Test
  void theReasonStandsBeforeTheWork(SampleSets.Sets sets) {
    Workplace place = new Workplace(directory, sets.warehouse());
    Outcome first = place.extract("--groups=agg_*");

    Outcome same = place.extract("--groups=agg_*");
    Outcome more = place.extract(GROUPS);
    Outcome other = place.extract(GROUPS, "--rowGroupRows=256", "--validateOnly");
    Outcome compressed = place.extract(GROUPS, "--compression=zstd", "--validateOnly");
    Outcome forced = place.extract(GROUPS, "--force", "--validateOnly");

    assertDone(first);
    assertThat(first.err()).doesNotContain("because");
    assertThat(same.err()).doesNotContain("because");
    assertThat(more.err())
        .contains("1 of 5 checkpoints are extracted because they are new: cyc_bqx");
    assertThat(other.err())
        .contains(
            "5 of 5 checkpoints are extracted because options are not those of the last extraction"
                + " (--rowGroupRows was 512 and is 256): targets, agg, agg_bqx, agg_idx, cyc_bqx");
    assertThat(compressed.err()).contains("because options are not those", "--compression");
    assertThat(forced.err()).contains("5 of 5 checkpoints are extracted because --force is given");
    assertThat(more.summary("checkpoints kept")).isEqualTo("4");
  }
}
