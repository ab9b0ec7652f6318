package ml.bqx.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ml.bqx.catalog.Category;
import ml.bqx.checkpoint.CheckpointEntry;
import ml.bqx.checkpoint.CheckpointEntry.ColumnEntry;
import ml.bqx.checkpoint.Manifest;
import ml.bqx.cost.CostEstimate.Here;
import ml.bqx.cost.CostEstimate.Jobs;
import ml.bqx.cost.CostEstimate.Keeping;
import ml.bqx.launch.JobSplit;
import ml.bqx.launch.LaunchArguments;
import ml.bqx.launch.LaunchKind;
import ml.bqx.options.MergeMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CostTest {
  @ParameterizedTest
  @EnumSource
  void everyItemHasAPriceWithItsUnitRegionSourceAndDate(PricedItem item) {
    Prices.Price price = Prices.of(item);

    assertThat(price.item()).isEqualTo(item);
    assertThat(price.dollars()).isPositive();
    assertThat(price.unit()).isNotBlank();
    assertThat(price.region()).isNotBlank();
    assertThat(price.source()).startsWith("https://cloud.google.com/");
    assertThat(price.date()).isAfter(LocalDate.of(2025, 1, 1));
  }

  @Test
  void usageIsPaidByTheUnitsOfThePrices() {
    assertThat(Usage.storageRead(1L << 40).dollars()).isEqualTo(1.10);
    assertThat(Usage.query(1L << 39).dollars()).isEqualTo(3.125);
    assertThat(Usage.dataflow(3600, 0, 0, 0).dollars()).isEqualTo(0.056);
    assertThat(Usage.dataflow(0, 7200, 0, 0).dollars()).isEqualTo(0.007114);
    assertThat(Usage.dataflow(0, 0, 3600, 10).dollars()).isEqualTo(0.110054, within(1e-9));
    assertThat(Usage.container(100, 1, 2).dollars()).isEqualTo(0.0022, within(1e-9));
    assertThat(Usage.calls(1000, 1000).dollars()).isEqualTo(0.0054, within(1e-9));
    assertThat(Usage.stored(1L << 30, 15).dollars()).isEqualTo(0.010);
  }

  @Test
  void usagesAddUp() {
    Usage both = Usage.container(10, 1, 1).plus(Usage.container(20, 1, 1));

    assertThat(both.amounts())
        .isEqualTo(Map.of(PricedItem.RUN_VCPU, 30.0, PricedItem.RUN_MEMORY, 30.0));
    assertThat(both.times(0.5)).isEqualTo(Usage.container(15, 1, 1));
    assertThat(Usage.NONE.plus(both)).isEqualTo(both);
    assertThat(Usage.NONE.dollars()).isZero();
  }

  @Test
  void fullPairHasTheBytesOfTheKnownSet() {
    // 8 bytes a value: 6,484 columns and 667 timestamps a row; 8.74 GB of checkpoints measured.
    assertThat(PairSize.FULL.warehouseBytes()).isEqualTo(8.0 * 177_748 * 7_151);
    assertThat(PairSize.FULL.fileBytes()).isEqualTo(7.1e9, within(0.1e9));
  }

  @Test
  void everyWayStaysWithinTheBudgetOfAPair() {
    CostEstimate dearest = CostEstimate.of(new Jobs(25, 4), MergeMethod.BEAM);
    double jobs = dearest.extract().dollars();
    double here = estimate(MergeMethod.STREAM).extract().dollars();
    double mergeJob = dearest.merge().dollars();
    double mergeHere = estimate(MergeMethod.STREAM).merge().dollars();

    assertThat(here).isLessThan(jobs);
    assertThat(mergeHere).isLessThan(mergeJob);
    assertThat(jobs + mergeJob).as("the dearest way").isLessThan(0.85);
    assertThat(estimate(MergeMethod.COMPOSE).merge().dollars()).isLessThan(mergeHere);
    assertThat(estimate(MergeMethod.BIGQUERY).merge().dollars()).isGreaterThan(mergeHere);
  }

  private static CostEstimate estimate(MergeMethod method) {
    return CostEstimate.of(new Here(), method);
  }

  @Test
  void workersThatOnlyStartCostMoreThanTheyBring() {
    double few = dollars(new Jobs(4, 4), MergeMethod.BEAM);
    double many = dollars(new Jobs(100, 4), MergeMethod.BEAM);

    assertThat(many).isGreaterThan(few);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1, 3.75",
    "n1-standard-4, 4, 15",
    "n2-highmem-8, 8, 64",
    "e2-highcpu-16, 16, 16",
    "n1-highmem-2, 2, 13",
    "f1-micro, 1, 3.75"
  })
  void machineTypeTellsItsSize(String type, int vcpus, double memoryGb) {
    assertThat(WorkerMachine.of(type)).isEqualTo(new WorkerMachine(vcpus, memoryGb));
  }

  @Test
  void containerIsPaidByWhatItWasGiven() {
    Usage usage = MeasuredUsage.container(Duration.ofSeconds(10));

    assertThat(usage.amounts().get(PricedItem.RUN_VCPU))
        .isEqualTo(10.0 * Runtime.getRuntime().availableProcessors());
    assertThat(usage.amounts().get(PricedItem.RUN_MEMORY)).isPositive();
  }

  @Test
  void readBytesFollowFromTheManifest() {
    Manifest manifest =
        manifest(
            entry(1000, "FLOAT64", "INT64"),
            entry(500, "BOOL", "NUMERIC(38, 9)", "DATE", "TIMESTAMP"));

    // The timestamp of each row counts too.
    assertThat(MeasuredUsage.storageRead(manifest))
        .isEqualTo(Usage.storageRead(1000 * (8 + 8 + 8) + 500 * (8 + 1 + 16 + 8 + 8)));
  }

  @Test
  void tableTellsAmountsPricesAndSums() {
    String table =
        new CostTable("estimated cost")
            .add("extract", Usage.storageRead(1L << 40))
            .add("merge", Usage.container(1000, 1, 2))
            .note("It is assumed that the moon is full.")
            .toString();

    assertThat(table.lines())
        .containsExactly(
            "estimated cost",
            "                              amount  unit         $ per unit  $ per pair  $ for 28",
            "  extract",
            "    BigQuery Storage Read      1.000  TiB                1.10      1.1000     30.80",
            "  merge",
            "    Cloud Run vCPU         1,000.000  vCPU second    0.000018      0.0180      0.50",
            "    Cloud Run memory       2,000.000  GiB second     0.000002      0.0040      0.11",
            "  total                                                              1.12     31.42",
            "  List prices without free tiers and discounts: US, us-central1",
            "    https://cloud.google.com/bigquery/pricing, as of 2025-06-01",
            "    https://cloud.google.com/run/pricing, as of 2026-07-29",
            "  It is assumed that the moon is full.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/cloud.md"})
  void pagesShowTheTableOfToday(String page) throws IOException {
    double dataflow = CostEstimate.of(Jobs.forFullPair(), MergeMethod.BEAM).work();
    double containers = CostEstimate.of(new Here(), MergeMethod.STREAM).work();

    assertThat(Files.readString(Path.of(page)).replaceAll("\\s+", " "))
        .contains(
            "a pair costs $%.2f with Dataflow for both steps and $%.2f in containers, storage apart"
                .formatted(dataflow, containers));
    assertThat(Files.readString(Path.of(page))).contains(String.join("\n", CostComparison.lines()));
  }

  @Test
  void aFullPairCostsAFewCents() {
    assertThat(CostEstimate.of(Jobs.forFullPair(), MergeMethod.BEAM).work()).isLessThan(0.12);
    assertThat(CostEstimate.of(new Here(), MergeMethod.COMPOSE).work()).isLessThan(0.04);
    assertThat(CostEstimate.of(new Here(), MergeMethod.STREAM).work()).isLessThan(0.04);
  }

  @Test
  void estimateCountsTheJobsThatTheLauncherLaunches() {
    Map<String, String> required =
        Map.of(
            "PAIR", "eurusd",
            "PROJECT", "my-project",
            "REGION", "us-central1",
            "EXTRACT_TEMPLATE", "gs://bucket/extract.json",
            "GCS_CHECKPOINT_BUCKET", "gs://bucket/checkpoints");
    JobSplit split =
        JobSplit.of(
            LaunchArguments.config(LaunchKind.EXTRACT, required, List.of()), PairSize.FULL::values);

    assertThat(Jobs.forFullPair())
        .isEqualTo(new Jobs(split.jobs() * split.workers(), split.jobs()));
  }

  @Test
  void flexibleWorkersHaveTheirOwnPricesAndMachine() {
    Workers flexible = new Workers("", Workers.Start.FLEXIBLE);

    assertThat(flexible.billed(Usage.dataflow(3600, 3600, 0, 0)).dollars())
        .isEqualTo(0.0336 + 0.0021342, within(1e-9));
    assertThat(flexible.machine()).isEqualTo(new WorkerMachine(2, 7.5));
    assertThat(Workers.DEFAULT.machine()).isEqualTo(new WorkerMachine(1, 3.75));
  }

  @Test
  void checkpointsThatAreDeletedAreStoredForADay() {
    CostEstimate kept = CostEstimate.of(new Here(), MergeMethod.STREAM);
    CostEstimate deleted =
        new CostEstimate(new Here(), MergeMethod.STREAM, Workers.DEFAULT, Keeping.UNTIL_MERGED);

    assertThat(kept.storage().dollars() - deleted.storage().dollars())
        .isEqualTo(Usage.stored(PairSize.FULL.fileBytes(), 29).dollars(), within(1e-9));
    assertThat(kept.table().toString())
        .containsPattern("\n  total without storage +0\\.0\\d +1\\.\\d\\d\n")
        .contains("storage of checkpoints for 30 and of the training file for 30 days");
  }

  private static double dollars(CostEstimate.Extraction extraction, MergeMethod method) {
    return CostEstimate.of(extraction, method).table().dollars();
  }

  @ParameterizedTest
  @EnumSource
  void estimateTellsBothPartsOfThePairsWay(MergeMethod method) {
    String jobs = CostEstimate.of(new Jobs(25, 4), method).table().toString();
    String here = CostEstimate.of(new Here(), method).table().toString();

    assertThat(jobs)
        .contains("extract, 4 Dataflow jobs, 25 workers in total", "merge, " + method)
        .contains("BigQuery Storage Read", "template launcher VM")
        .containsPattern("\n  total +\\d+\\.\\d\\d +\\d+\\.\\d\\d\n");
    assertThat(here).contains("extract, in its own container", "Cloud Run vCPU");
  }

  private static Manifest manifest(CheckpointEntry... entries) {
    return new Manifest(
        1,
        "bqx-ml",
        "eurusd",
        "bigquery",
        null,
        "aligned",
        null,
        "",
        null,
        Map.of(),
        0,
        List.of(entries),
        null);
  }

  private static CheckpointEntry entry(long rowsRead, String... types) {
    List<ColumnEntry> columns =
        Arrays.stream(types).map(type -> new ColumnEntry("name", "source", type, 0)).toList();

    return new CheckpointEntry(
        "agg",
        Category.values()[0],
        "dataset",
        "agg_eurusd",
        null,
        "",
        columns,
        rowsRead,
        0,
        0,
        0,
        0,
        null,
        List.of());
  }
}
