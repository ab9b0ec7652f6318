package ml.bqx;

import static ml.bqx.Workplace.assertDone;

import java.nio.file.Path;
import java.util.Collection;
import ml.bqx.catalog.Pair;
import ml.bqx.sample.Sample;
import ml.bqx.sample.SampleDefect;
import ml.bqx.sample.Samples;

/**
 * The same sample twice, extracted: as it is, and with defects.
 *
 * @param sample the one with defects
 */
record PlantedSamples(Workplace clean, Workplace defective, Sample sample) {
  /** A file for each checkpoint, so that a set without manifest can be merged. */
  static final String SHARDS = "--shardRows=8192";

  static PlantedSamples extract(
      Path root, int minutes, String tables, Collection<SampleDefect> defects) {
    Workplace clean = new Workplace(root.resolve("clean"), root.resolve("clean.duckdb"));
    samples(clean, minutes, tables).create();
    assertDone(clean.extract(SHARDS));
    Workplace defective =
        new Workplace(root.resolve("defective"), root.resolve("defective.duckdb"));
    Sample sample =
        samples(defective, minutes, tables)
            .withDefects(defects.toArray(SampleDefect[]::new))
            .create();
    assertDone(defective.extract(SHARDS));
    return new PlantedSamples(clean, defective, sample);
  }

  private static Samples samples(Workplace place, int minutes, String tables) {
    return Samples.of(place.warehouse(), Pair.of(Workplace.PAIR), minutes).withTables(tables);
  }
}
