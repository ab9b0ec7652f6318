package ml.bqx;

import ml.bqx.config.BeamCloudConfig;
import ml.bqx.options.BeamOptions;
import ml.bqx.options.CommandOptions;
import ml.bqx.storage.Storage;

/** Where the files of a command are. */
final class CommandStorage {
  private CommandStorage() {}

  /**
   * The disk, or Cloud Storage as Beam's options reach it: those take a second to read.
   *
   * @param isOnThisMachine whether all files of the command are local
   */
  static Storage of(CommandOptions options, boolean isOnThisMachine) {
    return isOnThisMachine
        ? Storage.local()
        : Storage.of(BeamCloudConfig.of(BeamOptions.of(options)));
  }
}
