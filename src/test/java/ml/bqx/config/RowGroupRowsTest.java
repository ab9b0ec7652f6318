package ml.bqx.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowGroupRowsTest {
  @ParameterizedTest
  @CsvSource({
    // columns, rows, rows of a row group
    "10, 0, 16384",
    "6485, 177748, 16384",
    "401, 2600000, 16384",
    // 125 million doubles are 1 GB.
    "7629, 0, 16384",
    "7630, 0, 8192",
    "16966, 50000, 4096",
    "200000000, 0, 1",
    // 680,851 chunks are a footer of 64 MB.
    "401, 100000000, 65536",
    "6485, 2600000, 32768",
    "16966, 1000000000, 1048576"
  })
  void keepsRowGroupAndFooterSmall(long columns, long rows, int expected) {
    assertThat(RowGroupRows.of(columns, rows)).isEqualTo(expected);
  }
}
