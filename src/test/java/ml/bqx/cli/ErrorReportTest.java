package ml.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ObjectArrays;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import ml.bqx.Console;
import ml.bqx.config.ExtractConfig;
import ml.bqx.failure.InvalidInputException;
import ml.bqx.failure.ServiceException;
import ml.bqx.options.ExtractOptions;
import ml.bqx.parquet.InvalidParquetException;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.util.UserCodeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorReportTest {
  private final Console console = new Console();

  @AfterEach
  void release() {
    console.close();
  }

  static List<Exception> errorsForUsers() {
    return List.of(
        new InvalidInputException("Cannot x: y (z)"),
        new ServiceException("Cannot x: y (z)", new IllegalStateException("the client")),
        new InvalidParquetException("Cannot x: y (z)"));
  }

  @ParameterizedTest
  @MethodSource("errorsForUsers")
  void errorsForUsersComeWithoutATraceHoweverDeepTheyAre(Exception error) {
    int code = failWith(wrapped(new IOException("in the way", error)));

    assertThat(code).isEqualTo(1);
    assertThat(console.err()).isEqualTo("error: Cannot x: y (z)\n");
  }

  @Test
  void theLinesOfAMessageAreIndented() {
    failWith(new InvalidInputException("Cannot use 2 of 3 tables:", List.of("a: odd", "b: gone")));

    assertThat(console.err())
        .isEqualTo("error: Cannot use 2 of 3 tables:\n       a: odd\n       b: gone\n");
  }

  static List<Arguments> failuresOfDisksAndNetworks() {
    return List.of(
        Arguments.of(new NoSuchFileException("/a/b"), "no such file or directory (/a/b)"),
        Arguments.of(
            new AccessDeniedException("/a/b"),
            "permission denied (/a/b); allow this user to write there, or use another directory"),
        Arguments.of(
            new FileSystemException("/a/b", null, "No space left on device"),
            "No space left on device (/a/b); make room, or use another disk"),
        Arguments.of(
            new FileSystemException("/a/b", "/c/d", "Read-only file system"),
            "Read-only file system (/c/d); use a directory that can be written to"),
        Arguments.of(
            new IOException("Input/output error"),
            "Input/output error; check the disk, then run again"),
        Arguments.of(new FileSystemException("/a/b", null, "wood is wet"), "wood is wet (/a/b)"),
        Arguments.of(
            new UnknownHostException("nowhere.example"), "UnknownHostException: nowhere.example"),
        Arguments.of(new IOException("Connection reset"), "Connection reset"));
  }

  @ParameterizedTest
  @MethodSource("failuresOfDisksAndNetworks")
  void disksAndNetworksFailWithoutATraceAndWithTheFile(IOException error, String reason) {
    failWith(wrapped(new UncheckedIOException(error)));

    assertThat(console.err()).isEqualTo("error: Cannot continue: " + reason + "\n");
  }

  @Test
  void bugsComeWithTheirTrace() {
    int code = failWith(wrapped(new IllegalStateException("disk on fire")));

    assertThat(code).isEqualTo(1);
    assertThat(console.err())
        .startsWith("error: java.lang.IllegalStateException: disk on fire\n")
        .contains("\tat ml.bqx.cli.ErrorReportTest");
  }

  @Test
  void evenWhatIsNoExceptionEndsWithAMessage() {
    int code = failWith(new OutOfMemoryError("Java heap space"));

    assertThat(code).isEqualTo(1);
    assertThat(console.err()).startsWith("error: java.lang.OutOfMemoryError: Java heap space\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--verbose", "--verbose=true"})
  void verboseShowsTheTraceOfEveryError(String verbose) {
    failWith(new ServiceException("Cannot x: y (z)"), verbose);

    assertThat(console.err())
        .startsWith("error: Cannot x: y (z)\nml.bqx.failure.ServiceException: Cannot x: y (z)\n")
        .contains("\tat ml.bqx.cli.ErrorReportTest");
  }

  @Test
  void verboseShowsTheTraceOfWrongOptionsToo() {
    failWith(new IllegalStateException("not reached"), "--verbose", "--limit=-1");

    assertThat(console.err())
        .startsWith("error: --limit=-1: cannot be negative\n       --help explains all options\n")
        .contains("\tat ml.bqx.cli.CommandLine");
  }

  @Test
  void notVerboseIsTheDefault() {
    failWith(new ServiceException("Cannot x: y (z)"), "--verbose=false");

    assertThat(console.err()).isEqualTo("error: Cannot x: y (z)\n");
  }

  private static Exception wrapped(Exception error) {
    return new PipelineExecutionException(UserCodeException.wrap(new ExecutionException(error)));
  }

  private static int failWith(Throwable error, String... more) {
    String[] args = {"--pair=eurusd", "--warehouse=duckdb:w.duckdb", "--checkpoints=data"};
    String[] all = ObjectArrays.concat(args, more, String.class);
    return CommandLine.run(
        new Command<>("extract", "Does a thing.", ExtractOptions.class),
        all,
        ExtractConfig::from,
        (options, config) -> {
          if (error instanceof Error unchecked) {
            throw unchecked;
          }

          throw (Exception) error;
        });
  }
}
