package ml.bqx.cli;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ml.bqx.options.BeamOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Beam checks its own options: each alone, because it stops at the first that it cannot take. */
final class BeamArguments implements Arguments.Others {
  /** Part of what Beam says of an option it does not know, with its guess what was meant. */
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "missing a property named '.*'\\.(?: Did you mean (?:'|one of \\[)(?<near>[^'\\]]+))?");

  @Override
  public Optional<String> problem(String name, List<String> args, Set<String> known) {
    BeamOptions.register();
    try {
      PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).create();
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(words(name, String.join(" ", args), known, e));
    }
  }

  private static String words(
      String name, String args, Set<String> known, IllegalArgumentException thrown) {
    String message = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    Matcher unknown = UNKNOWN.matcher(message);
    if (!unknown.find()) {
      return args + ": " + message;
    }

    return Arguments.Others.unknown(
        name,
        Nearest.to(name, known)
            .or(() -> Optional.ofNullable(unknown.group("near")).map(BeamArguments::flags)));
  }

  /** One name, or several with {@code or} between them, of which only the first has no dashes. */
  private static String flags(String names) {
    return Splitter.on(", ").splitToStream(names).collect(Collectors.joining(" or --"));
  }
}
