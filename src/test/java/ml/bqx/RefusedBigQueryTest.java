package ml.bqx;

import static ml.bqx.Workplace.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import ml.bqx.doubles.FakeBigQuery;
import ml.bqx.doubles.NoCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What goes wrong with BigQuery ends in one message that names table and cause, and no manifest.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RefusedBigQueryTest extends BigQueryFixture {
  private static final String FEATURES = "bqx_ml_v3_features_v2";

  @Test
  void aMissingDatasetIsNamed() {
    Outcome outcome = extract("--featuresDataset=nowhere");

    assertRefused(outcome)
        .isEqualTo(
            "error: Cannot list the tables of test-project.nowhere: Not found: Dataset test-project:nowhere (HTTP 404); check --project and the names of the datasets");
  }

  @Test
  void aWrongProjectIsNamed() {
    assertRefused(extract("--project=other-project"))
        .isEqualTo(
            "error: Cannot list the tables of other-project.%s: Access Denied: Project other-project (HTTP 403); the job's account needs the roles BigQuery Data Viewer, Job User and Read Session User"
                .formatted(FEATURES));
  }

  @Test
  void everyTableThatMayNotBeLookedAtIsNamed() {
    bigQuery.refusals.put("mkt_regime", 403);
    bigQuery.refusals.put("csi_agg_aud", 403);

    assertRefused(extract())
        .startsWith("error: Cannot use 2 of 16 tables:")
        .contains("Cannot read table %s.csi_agg_aud: Access Denied".formatted(FEATURES))
        .contains("Cannot read table %s.mkt_regime: Access Denied".formatted(FEATURES));
  }

  @Test
  void aViewIsNamedWithTheWayOut() {
    bigQuery.kinds.put("mkt_regime", "VIEW");

    assertRefused(extract())
        .isEqualTo(
            "error: Cannot read table %s.mkt_regime: it is a VIEW, which Storage Read cannot read; --materializeViews runs a query for it"
                .formatted(FEATURES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DENIED | Access Denied: Table mkt_regime (PERMISSION_DENIED); the job's account needs the",
        "QUOTA | Quota exceeded: read sessions (RESOURCE_EXHAUSTED); wait until there is quota",
        "DROPPED | Not found: Table mkt_regime (NOT_FOUND); check --project and the names of",
        "BREAKS | Connection reset (UNAVAILABLE)",
        "NO_SCHEMA | Cannot read table bqx_ml_v3_features_v2.mkt_regime: BigQuery did not return the schema of its rows",
        "HANGS | BigQuery did not answer for 2 seconds (--storageReadTimeout)",
        "CUT | Cannot read table bqx_ml_v3_features_v2.mkt_regime: the rows of a response end in the middle of one"
      })
  void aReadThatFailsIsNamedAndCostsItsWaveAlone(FakeBigQuery.Fault fault, String cause) {
    bigQuery.faults.put("mkt_regime", fault);

    Outcome outcome =
        extract("--waves=4", "--storageReadTimeout=2", "--groups={mkt_*,csi_*,cyc_*,regime_*}");

    assertRefused(outcome)
        .startsWith("error: Cannot complete the extraction: ")
        .contains(" of 9 checkpoints are missing; the others are kept, run again")
        .contains("mkt_regime")
        .contains(cause);
    assertThat(commits()).isNotEmpty().doesNotContain("mkt_regime.json");
  }

  @Test
  void theNextRunDoesOnlyWhatTheFailedWaveLacks() {
    bigQuery.faults.put("mkt_regime", FakeBigQuery.Fault.DENIED);
    assertRefused(extract("--waves=4")).contains("mkt_regime");
    int kept = commits().size();

    bigQuery.faults.clear();
    Outcome again = extract("--waves=4");

    assertDone(again);
    assertThat(again.summary("checkpoints kept")).isEqualTo("" + kept);
    assertThat(again.summary("checkpoints extracted")).isEqualTo("" + (16 - kept));
  }

  @Test
  void rowsThatAStreamLeftOutAreMissed() {
    bigQuery.faults.put("mkt_regime", FakeBigQuery.Fault.ENDS);

    assertRefused(extract())
        .contains("Cannot extract table %s.mkt_regime: it has ".formatted(FEATURES))
        .contains(" were received; run again");
    assertThat(commits()).hasSize(15).doesNotContain("mkt_regime.json");
  }

  @Test
  void aColumnThatChangedItsTypeIsNamed() throws Exception {
    List<String> columns =
        List.copyOf(bigQuery.columns("bqx_ml_v3_analytics_v2", "targets_eurusd").keySet());
    String target = columns.get(columns.size() - 1);
    bigQuery.changedTypes.put("targets_eurusd." + target, "STRING");

    assertRefused(extract())
        .isEqualTo(
            "error: Cannot read column bqx_ml_v3_analytics_v2.targets_eurusd.%s: it was a FLOAT64 at discovery and is now Avro string; run again"
                .formatted(target));
    assertThat(commits()).isEmpty();
  }

  @Test
  void withoutCredentialsNothingIsTried() {
    assertRefused(extract("--credentialFactoryClass=" + NoCredentials.class.getName()))
        .isEqualTo(
            "error: Cannot use BigQuery: there are no credentials; log in with gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS");
  }

  @Test
  void whatFailsForTheMomentIsTriedAgain() {
    bigQuery.outages.set(2);

    assertDone(extract("--groups=mkt_*"));
  }

  @Test
  void whatFailsForGoodEndsInTime() {
    bigQuery.outages.set(Integer.MAX_VALUE);

    assertRefused(extract("--storageReadTimeout=1"))
        .startsWith(
            "error: Cannot list the tables of test-project.%s: Error enc".formatted(FEATURES))
        .endsWith("(HTTP 503)");
  }

  @Test
  void optionsOfBigQueryAreCheckedTogether() {
    assertThat(
            Outcome.of(
                    ExtractPipeline::run,
                    "--pair=eurusd",
                    "--checkpoints=" + root,
                    "--warehouse=bigquery",
                    "--project=No",
                    "--snapshotTime=yesterday",
                    "--wave=9/8",
                    "--waves=0",
                    "--storageReadTimeout=0",
                    "--storageReadPricePerTiB=-1")
                .error())
        .isEqualTo(
            """
            error: --project=No: not a project id (expected 6 to 30 lower-case letters, digits and hyphens)
                   --snapshotTime=yesterday: not a time (expected for example 2024-01-31T12:00:00Z)
                   --wave=9/8: not a wave (expected for example 2/8, the number of waves from 1 to 1000)
                   --waves=0: out of range (expected 1 to 1000)
                   --storageReadTimeout=0: out of range (expected 1 or more)
                   --storageReadPricePerTiB=-1.0: not a price in US dollars
                   --help explains all options""");
  }

  @Test
  void wavesAreForBigQueryOnly() {
    assertThat(place.extract("--wave=1/2").error())
        .startsWith("error: --wave=1/2: works with --warehouse=bigquery only");
  }

  private List<String> commits() {
    return Workplace.filesBelow(place.directory().resolve("_commits"));
  }
}
