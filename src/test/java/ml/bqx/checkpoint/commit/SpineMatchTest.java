package ml.bqx.checkpoint.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ml.bqx.checkpoint.Spine;
import ml.bqx.options.DuplicatePolicy;
import ml.bqx.parquet.RowGather;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class SpineMatchTest {
  @Property
  void everySpineRowGetsTheTablesRowOfItsTimestamp(
      @ForAll @Size(max = 40) Set<@LongRange(min = 0, max = 50) Long> spine,
      @ForAll @Size(max = 80) List<@LongRange(min = 0, max = 60) Long> timestamps,
      @ForAll DuplicatePolicy policy) {
    Spine rows = Spine.of(spine.stream().mapToLong(t -> t).toArray(), 0);
    // For each timestamp its rows in the table, in order.
    Map<Long, List<Integer>> table = new TreeMap<>();
    for (int row = 0; row < timestamps.size(); row++) {
      table.computeIfAbsent(timestamps.get(row), t -> new ArrayList<>()).add(row);
    }

    SpineMatch match = SpineMatch.of(rows, timestamps.stream().mapToLong(t -> t).toArray(), policy);

    for (int i = 0; i < rows.rows(); i++) {
      List<Integer> of = table.get(rows.timestamps()[i]);
      int expected =
          of == null
              ? RowGather.NO_ROW
              : of.get(policy == DuplicatePolicy.LAST ? of.size() - 1 : 0);
      assertThat(match.rows()[i]).isEqualTo(expected);
    }

    Set<Long> missing = new HashSet<>(spine);
    missing.removeAll(table.keySet());
    Map<Long, List<Integer>> inside = new TreeMap<>(table);
    inside.keySet().retainAll(spine);
    long insideRows = inside.values().stream().mapToLong(List::size).sum();
    assertThat(match.missing()).isEqualTo(missing.size());
    assertThat(match.outside()).isEqualTo(timestamps.size() - insideRows);
    assertThat(match.duplicates()).isEqualTo(insideRows - inside.size());
  }

  @Example
  void duplicatesAreToldWithTheirNumberTheFirstOfThemAndWhatToDo() {
    Spine spine = new Spine(new long[] {60_000_000, 120_000_000, 180_000_000});

    SpineMatch match =
        SpineMatch.of(
            spine,
            new long[] {180_000_000, 1, 1, 120_000_000, 180_000_000, 120_000_000},
            DuplicatePolicy.FAIL);

    assertThat(match.duplicates()).isEqualTo(2);
    assertThat(match.duplicatesInWords())
        .isEqualTo(
            "2 rows repeat the timestamp of another row, the first at 1970-01-01T00:03:00Z; remove them, or keep the first or last row of each timestamp with --onDuplicate=first or --onDuplicate=last");
  }
}
