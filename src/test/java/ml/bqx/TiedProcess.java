package ml.bqx;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that Linux ends with the thread that has started them (PR_SET_PDEATHSIG). */
final class TiedProcess {
  private TiedProcess() {}

  /** A process that is not started yet. */
  static ProcessBuilder of(List<String> command) {
    List<String> tied = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
    tied.addAll(command);
    return new ProcessBuilder(tied);
  }

  /**
   * Runs a command to its end.
   *
   * @param scratch a directory for what it prints
   */
  static Outcome run(List<String> command, Path scratch) throws Exception {
    Path out = Files.createTempFile(scratch, "process", ".out");
    Path err = Files.createTempFile(scratch, "process", ".err");
    int code =
        of(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Outcome(code, Files.readString(out), Files.readString(err));
  }

  /** A port for a server that is a process. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
