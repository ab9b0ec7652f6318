package ml.bqx.cost;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The price of a unit of each item, from {@code prices.tsv}. */
public final class Prices {
  private static final Map<PricedItem, Price> PRICES = read();

  /**
   * The price of an item.
   *
   * @param dollars US dollars for a unit
   * @param unit what the price is for
   * @param region where the price holds
   * @param source the page that has it
   * @param date the last day on which the price was valid for certain
   */
  public record Price(
      PricedItem item, double dollars, String unit, String region, String source, LocalDate date) {}

  private Prices() {}

  /** The price of an item. */
  public static Price of(PricedItem item) {
    return Objects.requireNonNull(PRICES.get(item), item::name);
  }

  private static Map<PricedItem, Price> read() {
    Map<PricedItem, Price> prices = new EnumMap<>(PricedItem.class);
    try {
      Resources.readLines(Resources.getResource(Prices.class, "prices.tsv"), StandardCharsets.UTF_8)
          .stream()
          .filter(line -> !line.startsWith("#"))
          .map(Prices::parse)
          .forEach(price -> prices.put(price.item, price));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read prices.tsv of this jar", e);
    }

    return prices;
  }

  private static Price parse(String line) {
    List<String> cells = Splitter.on('\t').splitToList(line);
    return new Price(
        PricedItem.valueOf(cells.get(0)),
        Double.parseDouble(cells.get(1)),
        cells.get(2),
        cells.get(3),
        cells.get(4),
        LocalDate.parse(cells.get(5)));
  }
}
