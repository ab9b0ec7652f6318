package ml.bqx.config;

import java.util.Locale;
import ml.bqx.options.CheckpointOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Which paths the workers of a runner can reach: those of this machine are nothing to others. */
final class WorkerPaths {
  private static final String RUNNER = "--runner=";

  private final Checks checks;

  /** The runner, if it may have workers elsewhere. */
  private final @Nullable String distributed;

  private final boolean isShared;

  /** The paths of a command's pipeline. */
  WorkerPaths(CheckpointOptions options, Checks checks) {
    this.checks = checks;
    this.isShared = options.isSharedDirectory();
    this.distributed =
        options.beamArguments().stream()
            .filter(argument -> argument.startsWith(RUNNER))
            .map(argument -> argument.substring(RUNNER.length()))
            .filter(runner -> !isHere(runner))
            .findFirst()
            .orElse(null);
  }

  /** Beam takes names in any case, with their package or without the last word. */
  private static boolean isHere(String runner) {
    return runner.toLowerCase(Locale.ROOT).matches("(.*\\.)?direct(runner)?");
  }

  /** Refuses a path of this machine that workers of another one would need. */
  void check(String option, @Nullable String path) {
    if (path != null && distributed != null && !isShared && !Locations.isRemote(path)) {
      checks.wrong(
          option,
          path,
          "workers of --runner=%s cannot be expected to see a path of this machine (expected gs://bucket/folder, or also --sharedDirectory if they all do)",
          distributed);
    }
  }
}
