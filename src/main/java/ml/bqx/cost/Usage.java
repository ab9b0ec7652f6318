package ml.bqx.cost;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much of each item something uses, in the unit of the item's price.
 *
 * @param amounts items that are used; others are not used at all
 */
public record Usage(Map<PricedItem, Double> amounts) {
  /** Nothing at all. */
  public static final Usage NONE = new Usage(Map.of());

  private static final double BYTES_PER_GIB = 1L << 30;
  private static final double BYTES_PER_TIB = 1L << 40;
  private static final double SECONDS_PER_HOUR = 3600;
  private static final double CALLS = 1000;
  private static final double DAYS_PER_MONTH = 30;

  public Usage {
    amounts = Collections.unmodifiableMap(amounts);
  }

  /** The sum of this and an amount of an item, in the unit of its price. */
  public Usage plus(PricedItem item, double amount) {
    return plus(new Usage(Map.of(item, amount)));
  }

  /** The sum of both. */
  public Usage plus(Usage other) {
    Map<PricedItem, Double> sum = new EnumMap<>(PricedItem.class);
    sum.putAll(amounts);
    other.amounts.forEach((item, amount) -> sum.merge(item, amount, Double::sum));
    return new Usage(sum);
  }

  /** The same, with what is used of one item counted as another. */
  Usage as(PricedItem item, PricedItem other) {
    Map<PricedItem, Double> counted = new EnumMap<>(PricedItem.class);
    amounts.forEach(
        (used, amount) -> counted.merge(used == item ? other : used, amount, Double::sum));
    return new Usage(counted);
  }

  /** A multiple of this. */
  public Usage times(double factor) {
    Map<PricedItem, Double> product = new EnumMap<>(PricedItem.class);
    amounts.forEach((item, amount) -> product.put(item, amount * factor));
    return new Usage(product);
  }

  /** What it costs, in US dollars. */
  public double dollars() {
    return amounts.entrySet().stream()
        .mapToDouble(entry -> Prices.of(entry.getKey()).dollars() * entry.getValue())
        .sum();
  }

  /** Of this, what the storage of files costs, in US dollars. */
  double storage() {
    return Prices.of(PricedItem.STORAGE).dollars() * amounts.getOrDefault(PricedItem.STORAGE, 0.0);
  }

  static Usage storageRead(double bytes) {
    return NONE.plus(PricedItem.STORAGE_READ, bytes / BYTES_PER_TIB);
  }

  static Usage query(double bytes) {
    return NONE.plus(PricedItem.QUERY, bytes / BYTES_PER_TIB);
  }

  /**
   * Workers of Dataflow.
   *
   * @param vcpuSeconds seconds times vCPUs
   * @param memoryGbSeconds seconds times GB of memory
   * @param diskGbSeconds seconds times GB of disk
   * @param shuffleGb GB that the shuffle service bills
   */
  public static Usage dataflow(
      double vcpuSeconds, double memoryGbSeconds, double diskGbSeconds, double shuffleGb) {
    return NONE.plus(PricedItem.DATAFLOW_VCPU, vcpuSeconds / SECONDS_PER_HOUR)
        .plus(PricedItem.DATAFLOW_MEMORY, memoryGbSeconds / SECONDS_PER_HOUR)
        .plus(PricedItem.DATAFLOW_DISK, diskGbSeconds / SECONDS_PER_HOUR)
        .plus(PricedItem.DATAFLOW_SHUFFLE, shuffleGb);
  }

  static Usage launcherVms(double seconds) {
    return NONE.plus(PricedItem.LAUNCHER_VM, seconds / SECONDS_PER_HOUR);
  }

  static Usage container(double seconds, double vcpus, double memoryGib) {
    return NONE.plus(PricedItem.RUN_VCPU, seconds * vcpus)
        .plus(PricedItem.RUN_MEMORY, seconds * memoryGib);
  }

  static Usage calls(double writes, double reads) {
    return NONE.plus(PricedItem.STORAGE_WRITES, writes / CALLS)
        .plus(PricedItem.STORAGE_READS, reads / CALLS);
  }

  /** Bytes stored in a bucket. */
  public static Usage stored(double bytes, double days) {
    return NONE.plus(PricedItem.STORAGE, bytes / BYTES_PER_GIB * days / DAYS_PER_MONTH);
  }
}
