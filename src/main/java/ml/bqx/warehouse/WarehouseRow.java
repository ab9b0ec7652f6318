package ml.bqx.warehouse;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One row of a feature group's table on its way from the read to a batch. Slot 0 is the key, the
 * others are the group's columns in their order.
 *
 * @param group which group of the pipeline's it is
 * @param values numbers, times and booleans as their raw bits, one entry a slot; 0 for a null
 * @param bytes strings, bytes and decimals, one entry a slot; null for a group without such columns
 * @param nulls one entry a slot, true where the row has no value; null when it has them all
 */
record WarehouseRow(
    int group, long[] values, byte @Nullable [] @Nullable [] bytes, boolean @Nullable [] nulls) {
  boolean isNull(int slot) {
    return nulls != null && nulls[slot];
  }
}
