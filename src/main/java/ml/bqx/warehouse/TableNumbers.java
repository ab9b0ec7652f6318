package ml.bqx.warehouse;

import java.util.ArrayList;
import java.util.List;
import ml.bqx.checkpoint.ColumnBatch;
import org.apache.beam.sdk.coders.IterableCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SimpleFunction;
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

  /**
   * Dealt out here and not by keys: the Direct runner makes a bundle of each key in each bundle
   * that it reads, so that there would be many times as many.
   */
  @Override
  public PCollection<KV<Integer, Iterable<ColumnBatch>>> expand(PBegin begin) {
    List<List<Integer>> dealt = new ArrayList<>();
    for (int bundle = 0; bundle < Math.min(bundles, numbers.size()); bundle++) {
      dealt.add(new ArrayList<>());
    }

    for (int i = 0; i < numbers.size(); i++) {
      dealt.get(i % bundles).add(numbers.get(i));
    }

    return begin
        .apply("Tables", Create.of(dealt).withCoder(ListCoder.of(VarIntCoder.of())))
        .apply("Spread over workers", Reshuffle.viaRandomKey())
        .apply("Tables of a bundle", FlatMapElements.via(new Numbers()))
        .setCoder(CODER);
  }

  /** The tables of a bundle, one by one, with no rows. */
  private static final class Numbers
      extends SimpleFunction<List<Integer>, List<KV<Integer, Iterable<ColumnBatch>>>> {
    private static final long serialVersionUID = 1L;

    @Override
    public List<KV<Integer, Iterable<ColumnBatch>>> apply(List<Integer> tables) {
      return tables.stream()
          .map(table -> KV.<Integer, Iterable<ColumnBatch>>of(table, List.of()))
          .toList();
    }
  }
}
