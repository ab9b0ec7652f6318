package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.bqx.training.TrainingCard;
import ml.bqx.training.TrainingChoice;
import ml.bqx.training.TrainingSplits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The card of a training file: what it says, and the published schema of it. */
@ExtendWith(SampleSets.class)
class TrainingCardTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Map<String, Class<?>> DEFINED =
      Map.of(
          "column", TrainingCard.ColumnCard.class,
          "choice", TrainingChoice.class,
          "splits", TrainingSplits.class,
          "part", TrainingSplits.Part.class,
          "fold", TrainingSplits.Fold.class,
          "rows", TrainingSplits.Rows.class,
          "partFile", TrainingCard.PartCard.class);

  @TempDir Path directory;

  @Test
  void aCardFollowsItsSchema(SampleSets.Sets sets) throws Exception {
    JsonNode schema = schema();

    for (List<String> options :
        List.of(
            List.<String>of(),
            List.of("--features=agg_*", "--split=a:0.5,b:0.5", "--folds=2", "--splitFiles"))) {
      List<String> problems = new ArrayList<>();
      check(schema, schema, merge(sets, options), "card", problems);
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void theSchemaHasTheFieldsOfTheCard() throws Exception {
    JsonNode schema = schema();

    assertThat(schema.at("/properties/version/const").asInt()).isEqualTo(TrainingCard.VERSION);
    List<String> fields = new ArrayList<>(components(TrainingCard.class));
    fields.add("checksum");
    assertThat(fieldNames(schema)).isEqualTo(fields);
    DEFINED.forEach(
        (name, type) ->
            assertThat(fieldNames(schema.at("/$defs/" + name))).isEqualTo(components(type)));
  }

  @Test
  void columnsHaveTheirExtremesAndHorizons(SampleSets.Sets sets) throws Exception {
    JsonNode card = merge(sets, List.of());

    try (Duck duck = Duck.inMemory()) {
      for (JsonNode column : card.get("columns")) {
        String name = Duck.quoted(column.get("name").asText());
        boolean isNumber = column.get("minimum").isNumber();
        if (isNumber) {
          String expected =
              duck.texts(
                      "SELECT (min(%1$s) = %2$s AND max(%1$s) = %3$s)::VARCHAR FROM '%4$s'"
                          .formatted(name, column.get("minimum"), column.get("maximum"), file()))
                  .get(0);
          assertThat(expected).as(name).isEqualTo("true");
        }
      }
    }

    JsonNode key = card.get("columns").get(0);
    assertThat(key.get("minimum").asText()).isEqualTo(card.get("first").asText());
    assertThat(key.get("maximum").asText()).isEqualTo(card.get("last").asText());
    assertThat(column(card, "target_bqx45_h15").get("horizon").asInt()).isEqualTo(15);
    JsonNode label = column(card, "regime_45__regime_label");
    assertThat(label.get("minimum").asText()).isEqualTo("range");
    assertThat(label.get("horizon").isNull()).isTrue();
  }

  private static JsonNode column(JsonNode card, String name) {
    return Streams.stream(card.get("columns"))
        .filter(column -> column.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** As much of JSON Schema as the schema uses. */
  private static void check(
      JsonNode root, JsonNode schema, JsonNode value, String where, List<String> problems) {
    if (schema.has("$ref")) {
      check(root, root.at(schema.get("$ref").asText().substring(1)), value, where, problems);
    } else if (schema.has("anyOf")) {
      boolean any =
          Streams.stream(schema.get("anyOf"))
              .anyMatch(
                  one -> {
                    List<String> found = new ArrayList<>();
                    check(root, one, value, where, found);
                    return found.isEmpty();
                  });
      if (!any) {
        problems.add(where + " fits none: " + value);
      }
    } else if (schema.has("const") || schema.has("enum")) {
      List<JsonNode> allowed =
          schema.has("const")
              ? List.of(schema.get("const"))
              : Streams.stream(schema.get("enum")).toList();
      if (!allowed.contains(value)) {
        problems.add(where + " is " + value);
      }
    } else {
      checkType(root, schema, value, where, problems);
    }
  }

  private static void checkType(
      JsonNode root, JsonNode schema, JsonNode value, String where, List<String> problems) {
    JsonNode type = schema.get("type");
    List<String> types =
        type.isArray()
            ? Streams.stream(type).map(JsonNode::asText).toList()
            : List.of(type.asText());
    if (types.stream().noneMatch(each -> is(each, value))) {
      problems.add("%s is %s, not %s".formatted(where, value, types));
      return;
    }

    if (schema.has("pattern") && !Pattern.matches(schema.get("pattern").asText(), value.asText())) {
      problems.add("%s is %s".formatted(where, value));
    }

    if (value.isArray()) {
      value.forEach(each -> check(root, schema.get("items"), each, where + "[]", problems));
    } else if (value.isObject()) {
      checkObject(root, schema, value, where, problems);
    }
  }

  private static boolean is(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> value.isNull();
    };
  }

  private static void checkObject(
      JsonNode root, JsonNode schema, JsonNode value, String where, List<String> problems) {
    JsonNode properties = schema.path("properties");
    value
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode field =
                  properties.has(name) ? properties.get(name) : schema.get("additionalProperties");
              if (field.isBoolean()) {
                problems.add("%s has a field %s".formatted(where, name));
              } else {
                check(root, field, value.get(name), where + "." + name, problems);
              }
            });
    schema
        .path("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                problems.add("%s lacks %s".formatted(where, name));
              }
            });
  }

  private static JsonNode schema() throws IOException {
    return MAPPER.readTree(Path.of("docs/training-card.schema.json").toFile());
  }

  private static List<String> fieldNames(JsonNode schema) {
    return Streams.stream(schema.get("properties").fieldNames()).toList();
  }

  private static List<String> components(Class<?> type) {
    return Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private JsonNode merge(SampleSets.Sets sets, List<String> options) throws IOException {
    List<String> args = new ArrayList<>(List.of("--output=" + directory, "--mergeMethod=stream"));
    args.addAll(options);
    assertDone(sets.aligned().merge(args.toArray(String[]::new)));
    return MAPPER.readTree(directory.resolve("training_eurusd.json").toFile());
  }

  private Path file() {
    return directory.resolve("training_eurusd.parquet");
  }
}
