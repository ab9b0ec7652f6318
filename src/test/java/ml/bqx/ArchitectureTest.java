package ml.bqx;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import ml.bqx.storage.Storage;

/**
 * Imports run downwards only. The mains are at the top; below them, side by side, the packages that
 * do a command's work; at the bottom parquet, catalog and failure. CONTRIBUTING has the same table.
 */
@AnalyzeClasses(packages = "ml.bqx", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchRule failureStandsAlone = mayImport("failure");

  @ArchTest static final ArchRule catalogLooksDown = mayImport("catalog", "failure");

  @ArchTest static final ArchRule parquetStandsAlone = mayImport("parquet");

  @ArchTest static final ArchRule optionsLooksDown = mayImport("options", "failure");

  @ArchTest
  static final ArchRule configLooksDown = mayImport("config", "catalog", "options", "failure");

  @ArchTest static final ArchRule parallelLooksDown = mayImport("parallel", "failure");

  @ArchTest static final ArchRule httpStandsAlone = mayImport("http");

  @ArchTest static final ArchRule bigqueryLooksDown = mayImport("bigquery", "http", "failure");

  @ArchTest static final ArchRule duckdbLooksDown = mayImport("duckdb", "failure");

  @ArchTest
  static final ArchRule storageLooksDown =
      mayImport("storage", "http", "parallel", "parquet", "config", "failure");

  @ArchTest static final ArchRule channelsLookDown = mayImport("storage.channel", "parquet");

  @ArchTest static final ArchRule cliLooksDown = mayImport("cli", "parquet", "options", "failure");

  @ArchTest
  static final ArchRule checkpointLooksDown =
      mayImport("checkpoint", "storage", "parquet", "catalog", "config", "options", "failure");

  @ArchTest
  static final ArchRule checkpointsDoNotMakeThemselves =
      noClasses()
          .that()
          .resideInAPackage("ml.bqx.checkpoint")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ml.bqx.checkpoint.commit..")
          .because("whoever reads checkpoints must not need what writes them");

  @ArchTest
  static final ArchRule costLooksDown =
      mayImport("cost", "checkpoint", "cli", "catalog", "options", "failure");

  @ArchTest
  static final ArchRule warehouseLooksDown =
      mayImport(
          "warehouse",
          "bigquery",
          "checkpoint",
          "duckdb",
          "parallel",
          "parquet",
          "catalog",
          "config",
          "options",
          "failure");

  @ArchTest
  static final ArchRule sampleLooksDown =
      mayImport("sample", "duckdb", "parallel", "catalog", "config", "options", "failure");

  @ArchTest
  static final ArchRule verifyLooksDown =
      mayImport(
          "verify",
          "warehouse",
          "training",
          "checkpoint",
          "storage",
          "duckdb",
          "parallel",
          "parquet",
          "catalog",
          "config",
          "options",
          "failure");

  @ArchTest
  static final ArchRule statisticsLookDown =
      mayImport(
          "quality.statistics",
          "training",
          "checkpoint",
          "storage",
          "parallel",
          "parquet",
          "catalog",
          "options",
          "failure");

  @ArchTest
  static final ArchRule checksLookDown =
      mayImport(
          "quality.checks",
          "quality.statistics",
          "training",
          "checkpoint",
          "storage",
          "parallel",
          "parquet",
          "options",
          "failure");

  @ArchTest
  static final ArchRule diffLooksDown =
      mayImport("quality.diff", "quality.statistics", "config", "options", "failure");

  @ArchTest
  static final ArchRule gatesLookDown =
      mayImport(
          "quality.gate",
          "quality.checks",
          "quality.diff",
          "quality.statistics",
          "cli",
          "storage",
          "failure");

  @ArchTest
  static final ArchRule reportLooksDown =
      mayImport(
          "quality.report",
          "quality.checks",
          "quality.diff",
          "quality.statistics",
          "cost",
          "training",
          "checkpoint",
          "storage",
          "catalog",
          "config",
          "options",
          "failure");

  @ArchTest
  static final ArchRule extractLooksDown =
      mayImport(
          "extract",
          "bigquery",
          "quality.statistics",
          "warehouse",
          "cost",
          "checkpoint",
          "cli",
          "storage",
          "parallel",
          "parquet",
          "catalog",
          "config",
          "failure");

  @ArchTest
  static final ArchRule trainingLooksDown =
      mayImport(
          "training",
          "checkpoint",
          "cli",
          "storage",
          "parallel",
          "parquet",
          "catalog",
          "config",
          "options",
          "failure");

  @ArchTest
  static final ArchRule inspectLooksDown =
      mayImport("inspect", "training", "checkpoint", "cli", "storage", "parquet", "failure");

  @ArchTest
  static final ArchRule mergeLooksDown =
      mayImport(
          "merge",
          "quality.gate",
          "quality.statistics",
          "training",
          "bigquery",
          "http",
          "checkpoint",
          "cli",
          "storage",
          "duckdb",
          "parallel",
          "parquet",
          "catalog",
          "config",
          "options",
          "failure");

  @ArchTest
  static final ArchRule planLooksDown =
      mayImport(
          "merge.plan",
          "quality.gate",
          "training",
          "checkpoint",
          "storage",
          "parallel",
          "parquet",
          "catalog",
          "config",
          "options",
          "failure");

  @ArchTest
  static final ArchRule launchLooksDown =
      mayImport(
          "launch",
          "bigquery",
          "http",
          "warehouse",
          "cost",
          "training",
          "checkpoint",
          "cli",
          "storage",
          "catalog",
          "config",
          "options",
          "failure");

  @ArchTest
  static final ArchRule dataflowLooksDown =
      mayImport("launch.dataflow", "http", "cost", "cli", "config", "failure");

  @ArchTest
  static final ArchRule launchersAreThin =
      noClasses()
          .that()
          .resideInAPackage("ml.bqx.launch..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.beam..", "org.duckdb..", "org.apache.hadoop..", "org.apache.parquet..")
          .because("loading them takes more time and memory than all that a launcher does");

  @ArchTest
  static final ArchRule storageKnowsNoBeam =
      noClasses()
          .that()
          .resideInAPackage("ml.bqx.storage..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.beam..")
          .because("the launchers read and write files with it too");

  @ArchTest
  static final ArchRule namesAreGivenInOneWay =
      noClasses()
          .that()
          .resideOutsideOfPackage("ml.bqx.storage..")
          .should()
          .callMethod(Storage.class, "rename", String.class, String.class)
          .orShould()
          .callMethod(Storage.class, "publish", String.class, String.class)
          .because("a file is committed or discarded, by NewFile");

  @ArchTest
  static final ArchRule methodsStandAlone =
      slices()
          .matching("ml.bqx.merge.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(alwaysTrue(), resideInAPackage("ml.bqx.merge.plan.."))
          .because("a merge method must be readable, and removable, without the others");

  @ArchTest
  static final ArchRule mergesKnowNoBeam =
      noClasses()
          .that()
          .resideInAPackage("ml.bqx.merge..")
          .and()
          .resideOutsideOfPackages("ml.bqx.merge.beam..", "ml.bqx.merge.bigquery..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.beam..")
          .because("what works in one process must be able to start without a pipeline");

  @ArchTest
  static final ArchRule warehousesStandAlone =
      slices().matching("ml.bqx.warehouse.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule parquetKnowsNoBeam =
      noClasses()
          .that()
          .resideInAPackage("ml.bqx.parquet..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.beam..")
          .allowEmptyShould(true)
          .because("column chunks must be usable, and testable, without a pipeline");

  /** A package that no rule above names would be held by none of them. */
  @ArchTest
  static final ArchRule everyPackageHasItsPlace =
      classes()
          .should()
          .resideInAnyPackage(
              "ml.bqx",
              "ml.bqx.bigquery..",
              "ml.bqx.catalog..",
              "ml.bqx.checkpoint..",
              "ml.bqx.cli..",
              "ml.bqx.config..",
              "ml.bqx.cost..",
              "ml.bqx.duckdb..",
              "ml.bqx.extract..",
              "ml.bqx.failure..",
              "ml.bqx.http..",
              "ml.bqx.inspect..",
              "ml.bqx.launch..",
              "ml.bqx.merge..",
              "ml.bqx.options..",
              "ml.bqx.parallel..",
              "ml.bqx.parquet..",
              "ml.bqx.quality.checks..",
              "ml.bqx.quality.diff..",
              "ml.bqx.quality.gate..",
              "ml.bqx.quality.report..",
              "ml.bqx.quality.statistics..",
              "ml.bqx.sample..",
              "ml.bqx.storage..",
              "ml.bqx.training..",
              "ml.bqx.verify..",
              "ml.bqx.warehouse..")
          .allowEmptyShould(true);

  /** The rule that a package uses itself and the packages below it, and nothing else of ours. */
  private static ArchRule mayImport(String name, String... below) {
    String[] allowed =
        Stream.concat(Stream.of(name), Stream.of(below))
            .map(each -> "ml.bqx." + each + "..")
            .toArray(String[]::new);

    return noClasses()
        .that()
        .resideInAPackage("ml.bqx." + name + "..")
        .should()
        .dependOnClassesThat(resideInAPackage("ml.bqx..").and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true)
        .as("%s may import of ours only [%s]".formatted(name, String.join(", ", below)));
  }
}
