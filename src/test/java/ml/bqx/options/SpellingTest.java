package ml.bqx.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import ml.bqx.cli.Arguments;
import ml.bqx.failure.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {
  @ParameterizedTest
  @ValueSource(strings = {"zstd", "ZSTD", "Zstd", " zstd "})
  void anyCaseIsRead(String text) {
    ExtractOptions options = Arguments.parse(ExtractOptions.class, "--compression=" + text);

    assertThat(options.getCompression()).isEqualTo(Compression.ZSTD);
  }

  @Test
  void lowerCaseIsWritten() throws JsonProcessingException {
    assertThat(Compression.ZSTD).hasToString("zstd");
    assertThat(Layout.ALIGNED).hasToString("aligned");
    assertThat(DuplicatePolicy.FAIL).hasToString("fail");
    assertThat(MergeMethod.BEAM).hasToString("beam");
    assertThat(new ObjectMapper().writeValueAsString(Layout.SHARDED)).isEqualTo("\"sharded\"");
  }

  @Test
  void anythingElseNamesThePossibleOnes() {
    assertThatThrownBy(() -> Spelling.parse(DuplicatePolicy.class, "second"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("not one of fail, first, last");
  }
}
