package ml.bqx.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void aMessageIsItsOnlyProblem() {
    assertThat(new InvalidInputException("Cannot x: y").problems())
        .containsExactly(new Problem("", "Cannot x: y"));
  }

  @Test
  void problemsStandBelowTheHeading() {
    Failure failure = new ServiceException("Cannot x:", List.of("a", "b"));

    assertThat(failure).hasMessage("Cannot x:\na\nb");
    assertThat(failure.problems()).containsExactly(Problem.of("a"), Problem.of("b"));
  }

  @Test
  void theMessageShowsTwentyProblemsAndCountsTheOthers() {
    Failure failure =
        new InvalidInputException(
            IntStream.range(0, 1_021).mapToObj(i -> new Problem("--o", "p" + i)).toList());

    assertThat(failure.getMessage().lines()).hasSize(21).first().isEqualTo("p0");
    assertThat(failure).hasMessageEndingWith("\np19\nand 1,001 more");
    assertThat(failure.problems()).hasSize(1_021);
  }

  @Test
  void oneFailureNeedsNoHeading() {
    InvalidInputException failure = new InvalidInputException("Cannot x: y");

    assertThat(Failure.of("Cannot z:", List.of(failure))).isSameAs(failure);
  }

  @Test
  void severalAreOfAServiceIfOneIs() {
    Failure input = new InvalidInputException("Cannot x: y");
    Failure service = new ServiceException("Cannot read: gone");

    assertThat(Failure.of("Cannot z:", List.of(input, input)))
        .isInstanceOf(InvalidInputException.class);
    assertThat(Failure.of("Cannot z:", List.of(input, service)))
        .isInstanceOf(ServiceException.class)
        .hasMessage("Cannot z:\nCannot x: y\nCannot read: gone")
        .hasSuppressedException(service);
  }

  @Test
  void namesAreListedUpToANumber() {
    assertThat(Listing.inWords(List.of("a", "b"), 2)).isEqualTo("a, b");
    assertThat(Listing.inWords(List.of("a", "b", "c", "d"), 2)).isEqualTo("a, b and 2 more");
  }
}
