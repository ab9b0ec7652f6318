package ml.bqx.warehouse;

import java.util.List;
import ml.bqx.checkpoint.ColumnBatch;
import org.apache.beam.sdk.coders.IterableCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Spreads tables over workers that read them themselves: no row goes through a shuffle. */
public final class TableNumbers
    extends PTransform<PBegin, PCollection<KV<Integer, Iterable<ColumnBatch>>>> {
  private static final long serialVersionUID = 1L;

  /** What readers bring along: tables by number, with their rows or none. */
  public static final KvCoder<Integer, Iterable<ColumnBatch>> CODER =
      KvCoder.of(VarIntCoder.of(), IterableCoder.of(ColumnBatchCoder.INSTANCE));

  private final List<Integer> numbers;
  private final int bundles;

  /**
   * Spreads tables, each of which is read once.
   *
   * @param bundles of tables, at most; a runner sets a worker up for each
   */
  public TableNumbers(List<Integer> numbers, int bundles) {
    this.numbers = List.copyOf(numbers);
    this.bundles = bundles;
  }

  @Override
  public PCollection<KV<Integer, Iterable<ColumnBatch>>> expand(PBegin begin) {
    return begin
        .apply(
            "Tables",
            Create.of(
                    numbers.stream()
                        .map(number -> KV.<Integer, Iterable<ColumnBatch>>of(number, List.of()))
                        .toList())
                .withCoder(CODER))
        .apply(
            "Spread over workers",
            Reshuffle.<KV<Integer, Iterable<ColumnBatch>>>viaRandomKey().withNumBuckets(bundles));
  }
}
