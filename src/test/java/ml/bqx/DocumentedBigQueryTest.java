package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import ml.bqx.doubles.FakeBigQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What BigQuery's documentation says that tables may be: each is read right, or refused. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DocumentedBigQueryTest extends BigQueryFixture {
  private static final String TABLE = "bqx_ml_v3_features_v2.mkt_regime";
  private static final String TARGETS = "targets_eurusd";
  private static final String SNAPSHOT = "--snapshotTime=2024-07-01T00:00:00Z";

  @Test
  void aDatasetIsDiscoveredWithTwoQueriesAndNoLookAtATable() {
    assertDone(extract("--validateOnly"));

    assertThat(bigQuery.queries()).as("columns and tables of two datasets").isEqualTo(4);
    assertThat(bigQuery.looks()).isZero();
  }

  @Test
  void tooManyRequestsAreRepeated() {
    for (int i = 0; i < 3; i++) {
      bigQuery.refused.add(
          new FakeBigQuery.Refusal(
              403, "rateLimitExceeded", "Exceeded rate limits: too many api requests per user"));
    }

    assertDone(extract("--validateOnly"));
    assertThat(bigQuery.refused).isEmpty();
  }

  @Test
  void aQuotaThatIsUsedUpIsExplainedAtOnce() {
    bigQuery.refused.add(
        new FakeBigQuery.Refusal(
            403, "quotaExceeded", "Quota exceeded: Your project exceeded quota for free query"));

    assertRefused(extract())
        .isEqualTo(
            "error: Cannot list the tables of test-project.bqx_ml_v3_features_v2: Quota exceeded: Your project exceeded quota for free query (HTTP 403); wait until there is quota again, or use fewer --extractionWorkers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_PARTITIONTIME", "_PARTITIONDATE"})
  void hiddenColumnsAreNoFeaturesAndNoTargets(String column) throws Exception {
    bigQuery.partitions.put("mkt_regime", column);
    bigQuery.partitions.put(TARGETS, column);

    assertDone(extract());

    assertSameCheckpoints();
  }

  @Test
  void rowsInTheStreamingBufferAreReadThoughNoCountHasThem() throws Exception {
    bigQuery.buffered.put("mkt_regime", 700L);
    bigQuery.buffered.put(TARGETS, 300L);

    assertDone(extract());

    assertSameCheckpoints();
  }

  @Test
  void aRequiredFilterOnTheKeyIsSent() throws Exception {
    bigQuery.partitions.put("mkt_regime", "interval_time");
    bigQuery.filtersRequired.add("mkt_regime");

    assertDone(extract());

    assertThat(bigQuery.sessions)
        .filteredOn(session -> session.getReadSession().getTable().endsWith("/mkt_regime"))
        .extracting(session -> session.getReadSession().getReadOptions().getRowRestriction())
        .containsOnly(
            "(interval_time >= TIMESTAMP '0001-01-01 00:00:00.000000+00:00' AND interval_time <= TIMESTAMP '9999-12-31 23:59:59.999999+00:00') OR interval_time IS NULL");
    assertSameCheckpoints();
  }

  @Test
  void aRequiredFilterOnAnotherColumnIsAskedFor() {
    bigQuery.partitions.put("mkt_regime", "pair");
    bigQuery.filtersRequired.add("mkt_regime");

    assertRefused(extract())
        .isEqualTo(
            "error: Cannot read table %s: it requires a condition on its partitioning column pair; set one, for example --rowFilter='mkt_regime=pair >= \"2000-01-01\" OR pair IS NULL'"
                .formatted(TABLE));
  }

  @Test
  void aFilterIsSentToTheTablesItNames() throws Exception {
    bigQuery.partitions.put("mkt_regime", "interval_time");
    bigQuery.filtersRequired.add("mkt_regime");
    String condition = "interval_time < TIMESTAMP '2024-01-02 00:00:00+00:00'";

    assertDone(extract("--rowFilter=mkt_*=" + condition));

    assertThat(bigQuery.sessions)
        .filteredOn(
            session -> session.getReadSession().getReadOptions().toString().contains("2024-01-02"))
        .extracting(session -> session.getReadSession().getTable().replaceAll(".*/", ""))
        .isNotEmpty()
        .allMatch(table -> table.startsWith("mkt_"));
    assertThat(checkpoint(place, "mkt_regime").get("rowsMissing").asLong())
        .isGreaterThan(checkpoint(place, "agg_bqx_eurusd").get("rowsMissing").asLong());

    Outcome other = extract();
    assertDone(other);
    assertThat(other.summary("checkpoints extracted"))
        .as("another filter makes other checkpoints")
        .isEqualTo("16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"day > 1", "mkt_*=", "=day > 1"})
  void aFilterThatIsNoneIsRefused(String filter) {
    assertThat(extract("--rowFilter=" + filter).error())
        .startsWith("error: --rowFilter=")
        .contains("expected for example agg_*=day >= \"2024-01-01\"");
  }

  @Test
  void aFilterForNoTableIsRefused() {
    assertRefused(extract("--rowFilter=agx_*=day > 1"))
        .isEqualTo("error: --rowFilter=agx_*=day > 1: matches none of the 16 tables");
  }

  @Test
  void rowAccessPoliciesForbidASnapshotTime() {
    bigQuery.policies.put("mkt_regime", "true");

    assertRefused(extract())
        .contains(
            "Cannot read table %s: Access Denied: BigQuery BigQuery: Time travel on table test-project:%1$s is forbidden as it has (or has had) row access policies. (HTTP 403); use --snapshotTime=none, or grant the job's account bigquery.rowAccessPolicies.overrideTimeTravelRestrictions"
                .formatted(TABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--startDate=2000-01-01", "--extractionWorkers=2"})
  void rowsThatPoliciesHideAreTold(String option) throws Exception {
    bigQuery.policies.put("mkt_regime", "epoch_us(interval_time) % 120000000 = 0");

    Outcome outcome = extract("--snapshotTime=none", option);

    assertDone(outcome);
    assertThat(outcome.summary("rows hidden by row access policies"))
        .matches("[1-9][0-9,]* of " + TABLE.replace(".", "\\."));
    assertThat(place.readManifest().get("snapshotTime").isNull()).isTrue();
    assertThat(bigQuery.sessions)
        .noneMatch(session -> session.getReadSession().getTableModifiers().hasSnapshotTime());
    assertThat(extract("--snapshotTime=none", option).summary("checkpoints kept")).isEqualTo("16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--snapshotTime=none",
        "--extractionWorkers=2",
        "--startDate=2000-01-01",
        "--endDate=2100-01-01",
        "--limit=1000",
        "--rowFilter=mkt_*=interval_time IS NOT NULL"
      })
  void aStreamThatEndsEarlyIsNoticed(String option) {
    bigQuery.faults.put("mkt_regime", FakeBigQuery.Fault.ENDS);

    assertRefused(extract(option))
        .containsPattern(
            "Cannot extract table %s: it has [0-9,]+ rows( in the time range that is read)?, [0-9,]+ were received; run again"
                .formatted(TABLE));
    bigQuery.faults.clear();
    assertThat(extract(option).summary("checkpoints extracted")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--startDate=2000-01-01", "--limit=1000", "--extractionWorkers=2"})
  void aStreamOfTargetsThatEndsEarlyIsNoticed(String option) {
    bigQuery.faults.put(TARGETS, FakeBigQuery.Fault.ENDS);

    assertRefused(extract(option))
        .contains("Cannot extract table bqx_ml_v3_analytics_v2.targets_eurusd: it has ")
        .contains(" were received; run again");
  }

  @Test
  void aStreamThatEndsEarlyIsNoticedBesideAStreamingBuffer() {
    bigQuery.buffered.put("mkt_regime", 2_000L);
    bigQuery.faults.put("mkt_regime", FakeBigQuery.Fault.ENDS);

    assertRefused(extract()).contains("Cannot extract table %s: it has ".formatted(TABLE));
  }

  @Test
  void rowsThatComeTwiceAreNoticed() {
    bigQuery.faults.put("mkt_regime", FakeBigQuery.Fault.REPEATS);

    assertRefused(extract("--onDuplicate=first"))
        .contains("Cannot extract table %s: it has ".formatted(TABLE));
  }

  @Test
  void eachWaveAsksFewQuestionsHoweverManyTablesThereAre() {
    for (int wave = 1; wave <= 4; wave++) {
      assertDone(extract("--wave=%d/4".formatted(wave), SNAPSHOT));
    }

    assertThat(place.manifest()).exists();
    assertThat(bigQuery.counts()).as("the targets and the wave's groups").isEqualTo(4 * 2);
    assertThat(bigQuery.queries()).as("and two for each dataset").isEqualTo(4 * (2 + 4));
    assertThat(bigQuery.looks()).isZero();
  }

  @Test
  void whatWasFoundForAnotherPairIsNotTaken() throws Exception {
    Path file = place.root().resolve("discovery.json");
    Files.writeString(file, "{}");
    assertRefused(extract("--discovery=" + file))
        .startsWith("error: Cannot read %s: ".formatted(file))
        .contains("launch again, or extract without --discovery");
    assertThat(bigQuery.queries()).isZero();
  }

  @Test
  void aTableThatIsYoungerThanTheSnapshotIsNamedWithTheStartOfItsHistory() {
    bigQuery.histories.put("mkt_regime", Instant.parse("2024-07-01T09:30:00Z"));

    assertRefused(extract(SNAPSHOT))
        .contains("Cannot read table %s: Invalid snapshot time ".formatted(TABLE))
        .contains(
            "(HTTP 400); its history begins at 2024-07-01T09:30:00Z, when it was created or its dataset's time travel window begins: use a later --snapshotTime, or --snapshotTime=none");
    assertDone(extract("--snapshotTime=none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SNAPSHOT", "CLONE"})
  void snapshotsAndClonesAreReadLikeTables(String kind) throws Exception {
    bigQuery.kinds.put("mkt_regime", kind);

    assertDone(extract());

    assertSameCheckpoints();
  }

  @ParameterizedTest
  @ValueSource(strings = {"VIEW", "MATERIALIZED VIEW", "EXTERNAL"})
  void whatOnlyAQueryCanReadIsNamedOrReadByOne(String kind) throws Exception {
    bigQuery.kinds.put("mkt_regime", kind);

    assertRefused(extract())
        .isEqualTo(
            "error: Cannot read table %s: it is a %s, which Storage Read cannot read; --materializeViews runs a query for it"
                .formatted(TABLE, kind));
    assertDone(extract("--materializeViews"));
    assertSameCheckpoints();
  }

  @Test
  void wavesOfTheirOwnAgreeOnViewsOnlyByATime() {
    assertThat(extract("--snapshotTime=none", "--wave=1/2", "--materializeViews").error())
        .startsWith("error: --snapshotTime=none: --wave with --materializeViews requires a time");
  }

  /** The checkpoints hold what those of the same warehouse as a DuckDB file do. */
  private void assertSameCheckpoints() throws Exception {
    JsonNode ours = place.readManifest();
    JsonNode theirs = sets.aligned().readManifest();
    assertThat(ours.get("spine")).isEqualTo(theirs.get("spine"));
    for (JsonNode their : theirs.get("checkpoints")) {
      JsonNode our = checkpoint(place, their.get("table").asText());
      assertThat(our.get("columns")).isEqualTo(their.get("columns"));
      assertThat(our.get("rowsRead")).isEqualTo(their.get("rowsRead"));
      assertThat(our.get("rowsMissing")).isEqualTo(their.get("rowsMissing"));
    }
  }

  private static JsonNode checkpoint(Workplace place, String table) throws Exception {
    for (JsonNode checkpoint : place.readManifest().get("checkpoints")) {
      if (checkpoint.get("table").asText().equals(table)) {
        return checkpoint;
      }
    }

    throw new AssertionError("no checkpoint of " + table);
  }
}
