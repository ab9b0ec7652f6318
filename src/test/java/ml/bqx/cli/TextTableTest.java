package ml.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(
            new TextTable("lrl")
                .row("", "amount", "unit")
                .row("disk", 1, "GB")
                .row("memory", "1,000", "")
                .toString())
        .isEqualTo("          amount  unit\n" + "  disk         1  GB\n" + "  memory   1,000\n");
  }

  @Test
  void aHeadingWidensNoColumn() {
    assertThat(
            new TextTable("lr")
                .row("a heading that is wider than the table")
                .row("a", 10)
                .row("b", 2)
                .toString())
        .isEqualTo("  a heading that is wider than the table\n  a  10\n  b   2\n");
  }

  @Test
  void aTableWithoutRowsIsEmpty() {
    assertThat(new TextTable("lr").toString()).isEmpty();
  }
}
