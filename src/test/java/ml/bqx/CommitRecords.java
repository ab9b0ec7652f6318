package ml.bqx;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.bqx.checkpoint.Json;
import ml.bqx.failure.InvalidInputException;

/** Commit records as tests compare them. */
public final class CommitRecords {
  private CommitRecords() {}

  /** What a record says but for the times of its extraction; of a damaged one, what is wrong. */
  public static List<Object> withoutTimes(Path record) throws IOException {
    try {
      ObjectNode content =
          Json.parse(record.toString(), Files.readAllBytes(record), "", ObjectNode.class);
      ObjectNode kept = (ObjectNode) Json.tree(content.remove("observation").asText());
      kept.remove("timing");
      return List.of(content, kept);
    } catch (InvalidInputException e) {
      return List.of(e);
    }
  }
}
