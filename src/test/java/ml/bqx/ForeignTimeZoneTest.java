package ml.bqx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys by the clock of some place beside keys in UTC. */
class ForeignTimeZoneTest extends ForeignFiles {
  private static final String UTC = "TIMESTAMPTZ '2024-03-10 04:00:00+00' + to_hours(i)";
  private static final String NEW_YORK = "(%s) AT TIME ZONE 'America/New_York'".formatted(UTC);

  private static final String IN_NEW_YORK = "--timeZone=America/New_York";

  /** The clocks show 01:00 to 02:00 at 05:00 and again at 06:00 in UTC. */
  private static final String AUTUMN = "TIMESTAMPTZ '2024-11-03 05:00:00+00' + to_minutes(i * %d)";

  /** Ten hours in which New York puts its clocks forward. */
  private static final String HOURS = "FROM range(10) r(i)";

  @Test
  void localTimesBesideUtcAreRefused() throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(UTC, HOURS));
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(NEW_YORK, HOURS));

    assertThat(refusedByAll())
        .isEqualTo(
            "error: Cannot merge %s: interval_time must be in UTC in all files, or without a time zone in all; it is in UTC in 1 (%s), without a time zone in 1 (%s); tell the zone of the latter with --timeZone, for example --timeZone=UTC or --timeZone=America/New_York"
                .formatted(place.directory(), file("targets"), file("agg")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP_NS"})
  void localTimesAreJoinedByTheirZone(String type) throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(UTC, HOURS));
    write("agg", "SELECT (%s)::%s AS interval_time, i AS x %s".formatted(NEW_YORK, type, HOURS));

    assertAllMakeRows(
        "SELECT %s AS interval_time, i AS y, i AS agg__x %s".formatted(UTC, HOURS), IN_NEW_YORK);
  }

  @Test
  void theTargetsTooMayBeInLocalTime() throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(NEW_YORK, HOURS));
    write("agg", "SELECT %s AS interval_time, i AS x %s".formatted(NEW_YORK, HOURS));

    assertAllMakeRows(
        "SELECT %s AS interval_time, i AS y, i AS agg__x %s".formatted(UTC, HOURS), IN_NEW_YORK);
  }

  @Test
  void timesThatClocksNeverShowedAreRefused() throws Exception {
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(UTC, HOURS));
    write(
        "agg",
        "SELECT TIMESTAMP '2024-03-10 00:30:00' + to_hours(i) AS interval_time, i AS x " + HOURS);

    assertThat(refusedByAll(IN_NEW_YORK))
        .isEqualTo(
            "error: Cannot read %s: interval_time in row 2 is 2024-03-10T02:30, which the clocks of America/New_York never showed, as they were put forward; check --timeZone, write the key in UTC, or leave such rows out"
                .formatted(file("agg")));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 30, 60})
  void timesThatClocksShowedTwiceAreToldApartByTheirOrder(int minutes) throws Exception {
    writeAutumn(minutes, "ORDER BY i");

    Outcome outcome =
        assertAllMakeRows(
            "SELECT %s AS interval_time, i AS y, i * 2 AS agg__x %s"
                .formatted(AUTUMN.formatted(minutes), HOURS),
            IN_NEW_YORK);

    int twice = Math.min(10, Math.max(1, 60 / minutes) * 2);
    assertThat(outcome.summary("keys at clock changes"))
        .isEqualTo("%d, told apart by --repeatedTimes=infer".formatted(twice));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ORDER BY hash(i)", "ORDER BY i DESC", "ORDER BY i < 2, i"})
  void rowsInAnyOrderNeedAnOptionWhenClocksShowedTheirTimeTwice(String order) throws Exception {
    writeAutumn(30, order);

    assertThat(refusedByAll(IN_NEW_YORK))
        .startsWith("error: Cannot read %s: interval_time in row ".formatted(file("agg")))
        .contains(" is 2024-11-03T01:")
        .endsWith(
            ", which the clocks of America/New_York showed twice, and the order of the rows does not tell which is meant (rows in order of time step back there exactly once); write the key in UTC, sort the rows by time, or choose with --repeatedTimes=first or second");
  }

  @ParameterizedTest
  @CsvSource({"first, i < 2 OR i >= 4", "second, i < 0 OR i >= 2"})
  void oneOfTheTwoTimesCanBeChosen(String choice, String there) throws Exception {
    // Hours 4 and 5 in UTC, then 6 and 7, of which the clocks show the hour from 1 to 2 twice.
    write(
        "targets",
        "SELECT %s AS interval_time, i AS y FROM range(6) r(i)".formatted(AUTUMN.formatted(30)));
    write(
        "agg",
        "SELECT (%s) AT TIME ZONE 'America/New_York' AS interval_time, i AS x FROM range(6) r(i) WHERE %s"
            .formatted(AUTUMN.formatted(30), there));

    Outcome outcome =
        assertAllMakeRows(
            "SELECT %s AS interval_time, i AS y, CASE WHEN %s THEN i END AS agg__x FROM range(6) r(i)"
                .formatted(AUTUMN.formatted(30), there),
            IN_NEW_YORK,
            "--repeatedTimes=" + choice);

    assertThat(outcome.summary("keys at clock changes"))
        .isEqualTo("2, told apart by --repeatedTimes=" + choice);
  }

  /** Ten steps around the hour that the clocks of New York show twice. */
  private void writeAutumn(int minutes, String order) throws Exception {
    String utc = AUTUMN.formatted(minutes);
    write("targets", "SELECT %s AS interval_time, i AS y %s".formatted(utc, HOURS));
    write(
        "agg",
        "SELECT (%s) AT TIME ZONE 'America/New_York' AS interval_time, i * 2 AS x %s %s"
            .formatted(utc, HOURS, order));
  }
}
