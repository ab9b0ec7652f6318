package ml.bqx.quality.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import ml.bqx.catalog.KnownLayout;
import ml.bqx.catalog.Pair;

/** The page of a set that is as wide as a known one, with the figures of a narrow one. */
public final class WidePage {
  private WidePage() {}

  /**
   * The page.
   *
   * @param report what a report wrote for programs; it gets changed
   */
  public static String of(ObjectNode report, KnownLayout layout, Pair pair) throws IOException {
    ArrayNode groups = (ArrayNode) report.get("groups");
    ArrayNode columns = (ArrayNode) report.get("columns");
    ArrayNode allGroups = report.arrayNode().add(groups.get(0));
    ArrayNode allColumns = report.arrayNode();
    columns.forEach(
        column -> {
          if (column.get(1).asInt() == 0) {
            allColumns.add(column);
          }
        });
    int targets = allColumns.size();
    layout
        .of(pair)
        .forEach(
            table -> {
              ObjectNode group = groups.get(1 + allGroups.size() % (groups.size() - 1)).deepCopy();
              group
                  .put("name", table.table())
                  .put("category", table.table().replaceFirst("_.*", ""))
                  .put("columns", table.features());
              for (int i = 0; i < table.features(); i++) {
                int narrow = targets + allColumns.size() % (columns.size() - targets);
                ArrayNode column = columns.get(narrow).deepCopy();
                column.set(0, report.textNode("%s__feature_%05d".formatted(table.table(), i)));
                column.set(1, report.numberNode(allGroups.size()));
                allColumns.add(column);
              }

              allGroups.add(group);
            });
    report.set("groups", allGroups);
    report.set("columns", allColumns);

    return ReportPage.of(report);
  }
}
