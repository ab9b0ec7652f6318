package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys by the clock of some place beside keys in UTC. */
class ForeignTimeZoneTest extends ForeignFiles {
  private static final String UTC = "TIMESTAMPTZ '2024-03-10 04:00:00+00' + to_hours(i)";
  private static final String NEW_YORK = "(%s) AT TIME ZONE 'America/New_York'".formatted(UTC);

  /** Ten hours in which New York puts its clocks forward. */
  private static final String HOURS = "FROM range(10) r(i)";

  @Test
  void localTimesBesideUtcAreRefused() throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(UTC, HOURS));
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(NEW_YORK, HOURS));

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: interval_time is in UTC in 1 files (%s) and has no time zone in 1 others (%s); tell the zone of the latter with --timeZone, for example --timeZone=UTC or --timeZone=America/New_York"
                .formatted(place.directory(), file("targets"), file("agg")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP_NS"})
  void localTimesAreJoinedByTheirZone(String type) throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(UTC, HOURS));
    write("agg", "SELECT (%s)::%s AS interval_time, i AS x %s".formatted(NEW_YORK, type, HOURS));

    assertAllMakeRows(
        "SELECT %s AS interval_time, i AS y, i AS agg__x %s".formatted(UTC, HOURS),
        "--timeZone=America/New_York");
  }

  @Test
  void theTargetsTooMayBeInLocalTime() throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(NEW_YORK, HOURS));
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(NEW_YORK, HOURS));

    assertAllMakeRows(
        "SELECT %s AS interval_time, i AS y, i AS agg__x %s".formatted(UTC, HOURS),
        "--timeZone=America/New_York");
  }

  @Test
  void timesThatAreNotOrAreTwiceAreRefused() throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(UTC, HOURS));
    String local = "SELECT TIMESTAMP '%s' + to_hours(i) AS interval_time, i AS x %s";
    write("agg", local.formatted("2024-03-10 00:30:00", HOURS));

    assertThat(refusedByAll("--timeZone=America/New_York"))
        .isEqualTo(
            "error: Cannot read %s: interval_time in row 2 is 2024-03-10T02:30, which is no time in America/New_York, where clocks were changed; write the key in UTC, or leave such rows out"
                .formatted(file("agg")));

    write("agg", local.formatted("2024-11-03 00:30:00", HOURS));

    assertThat(refusedByAll("--timeZone=America/New_York"))
        .isEqualTo(
            "error: Cannot read %s: interval_time in row 1 is 2024-11-03T01:30, which is two times in America/New_York, where clocks were changed; write the key in UTC, or leave such rows out"
                .formatted(file("agg")));
  }
}
