package ml.bqx.merge.plan;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.options.RepeatedTimePolicy;
import ml.bqx.parquet.ColumnVector.Longs;

/**
 * The keys of a file by the clock of some zone, and the moments that they are. A time that the
 * clock showed twice is one of two moments; rows in order of time tell which, as the time steps
 * back between them once.
 */
final class LocalTimes {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final KeyClock clock;
  private final ZoneRules rules;
  private final String file;
  private final Longs keys;

  /** The period of the last row; others are rare. */
  private Period period = new Period(0, 0, List.of());

  /**
   * Local times whose offset is the same.
   *
   * @param from first of them, in microseconds since 1970 as the clock shows it
   * @param to first behind them
   * @param offsets of the clock: one, or two of times that it showed twice, or none
   */
  private record Period(long from, long to, List<ZoneOffset> offsets) {
    boolean has(long time) {
      return time >= from && time < to;
    }

    boolean isRepeated() {
      return offsets.size() > 1;
    }

    long offset(int index) {
      return offsets.get(index).getTotalSeconds() * MICROS_PER_SECOND;
    }
  }

  private LocalTimes(Longs keys, KeyClock clock, String file) {
    this.keys = keys;
    this.clock = clock;
    this.rules = clock.zone().getRules();
    this.file = file;
  }

  /**
   * Puts moments in place of local times.
   *
   * @param keys microseconds since 1970, as the clock shows them, in the order of the file
   * @return how many of them the clock showed twice
   * @throws InvalidInputException naming a row whose time the clock never showed, or showed twice
   *     when nothing tells which is meant
   */
  static long toUtc(Longs keys, KeyClock clock, String file) {
    return new LocalTimes(keys, clock, file).toUtc();
  }

  private long toUtc() {
    long repeated = 0;
    int first = 0;
    long firstTime = 0;
    for (int row = 0; row < keys.size(); row++) {
      if (keys.isNull(row)) {
        continue;
      }

      long time = keys.values()[row];
      if (!period.has(time)) {
        period = period(local(time));
      }

      if (period.isRepeated()) {
        int end = endOfRun(row);
        first = repeated == 0 ? row : first;
        firstTime = repeated == 0 ? time : firstTime;
        repeated += tellApart(row, end);
        row = end - 1;
      } else if (period.offsets.isEmpty()) {
        throw unclear(
            row,
            time,
            "never showed, as they were put forward; check --timeZone, write the key in UTC, or leave such rows out");
      } else {
        keys.values()[row] = time - period.offset(0);
      }
    }

    if (repeated > 0 && clock.repeated() == RepeatedTimePolicy.INFER && !isAscending()) {
      throw undecided(first, firstTime);
    }

    return repeated;
  }

  /**
   * Whether the rows are in order of time, so that one step back can only be that of the clocks.
   */
  private boolean isAscending() {
    long last = Long.MIN_VALUE;
    for (int row = 0; row < keys.size(); row++) {
      if (!keys.isNull(row)) {
        if (keys.values()[row] < last) {
          return false;
        }

        last = keys.values()[row];
      }
    }

    return true;
  }

  private static LocalDateTime local(long micros) {
    return LocalDateTime.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND), 0, ZoneOffset.UTC);
  }

  private static long micros(LocalDateTime local) {
    return local.toEpochSecond(ZoneOffset.UTC) * MICROS_PER_SECOND;
  }

  private Period period(LocalDateTime time) {
    ZoneOffsetTransition change = rules.getTransition(time);
    if (change != null) {
      return new Period(earlier(change), later(change), rules.getValidOffsets(time));
    }

    Instant moment = time.toInstant(rules.getOffset(time));
    ZoneOffsetTransition before = rules.previousTransition(moment.plusSeconds(1));
    ZoneOffsetTransition after = rules.nextTransition(moment);
    return new Period(
        before == null ? Long.MIN_VALUE : later(before),
        after == null ? Long.MAX_VALUE : earlier(after),
        rules.getValidOffsets(time));
  }

  private static long earlier(ZoneOffsetTransition change) {
    return Math.min(micros(change.getDateTimeBefore()), micros(change.getDateTimeAfter()));
  }

  private static long later(ZoneOffsetTransition change) {
    return Math.max(micros(change.getDateTimeBefore()), micros(change.getDateTimeAfter()));
  }

  /** The first row behind those that follow each other with times of the same repeated period. */
  private int endOfRun(int start) {
    int end = start;
    while (end < keys.size() && (keys.isNull(end) || period.has(keys.values()[end]))) {
      end++;
    }

    return end;
  }

  private long tellApart(int start, int end) {
    int second =
        switch (clock.repeated()) {
          case FIRST -> end;
          case SECOND -> start;
          case INFER -> stepBack(start, end);
        };
    long repeated = 0;
    for (int row = start; row < end; row++) {
      if (!keys.isNull(row)) {
        keys.values()[row] -= period.offset(row < second ? 0 : 1);
        repeated++;
      }
    }

    return repeated;
  }

  /** The row before which the clocks were put back. */
  private int stepBack(int start, int end) {
    int step = end;
    long last = Long.MIN_VALUE;
    for (int row = start; row < end; row++) {
      if (keys.isNull(row)) {
        continue;
      }

      long time = keys.values()[row];
      if (time <= last && step < end) {
        throw undecided(row, time);
      }

      step = time <= last ? row : step;
      last = time;
    }

    if (step == end) {
      throw undecided(start, keys.values()[start]);
    }

    return step;
  }

  private InvalidInputException undecided(int row, long time) {
    return unclear(
        row,
        time,
        "showed twice, and the order of the rows does not tell which is meant (rows in order of time step back there exactly once); write the key in UTC, sort the rows by time, or choose with --repeatedTimes=first or second");
  }

  private InvalidInputException unclear(int row, long time, String why) {
    return new InvalidInputException(
        "Cannot read %s: %s in row %,d is %s, which the clocks of %s %s"
            .formatted(file, Catalog.KEY_COLUMN, row, local(time), clock.zone(), why));
  }
}
