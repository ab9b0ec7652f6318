package ml.bqx.merge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FooterMemoryTest {
  private static final long GIB = 1 << 30;

  @Test
  void aFooterThatIsTooLargeForTheHeapIsToldWithTheRemedy() {
    assertThatThrownBy(() -> FooterMemory.check(6_484, 225_280, 1_000, GIB))
        .hasMessage(
            "Cannot merge: 6,484 columns in 226 row groups of 1,000 rows make a footer of about 137 MB, which takes 1,318 MB of memory, and this process may use 1,073 MB; make fewer row groups with --rowGroupRows=1232 or more, or give it more memory (java -Xmx)");
    FooterMemory.check(6_484, 225_280, 1_232, GIB);
  }

  @Test
  void whenNoNumberOfRowsWillDoMemoryIsTheRemedy() {
    assertThatThrownBy(() -> FooterMemory.check(2_000_000, 10, 10, GIB))
        .hasMessageEndingWith("; give it more memory (java -Xmx)");
  }

  @Test
  void theUsualTrainingFileNeedsLittle() {
    FooterMemory.check(6_484, 150_000, 16_384, GIB / 8);
  }
}
