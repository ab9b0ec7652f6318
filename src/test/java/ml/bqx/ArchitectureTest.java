package ml.bqx;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/**
 * Imports run downwards only: mains, then warehouse, merge, quality and launch side by side, then
 * checkpoint, then parquet, duckdb and catalog. Anything from checkpoint upwards may take options.
 */
@AnalyzeClasses(packages = "ml.bqx", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchRule catalogStandsAlone = mayImport("catalog");

  @ArchTest static final ArchRule parquetStandsAlone = mayImport("parquet");

  @ArchTest static final ArchRule optionsStandAlone = mayImport("options", "catalog");

  @ArchTest static final ArchRule duckdbStandsAlone = mayImport("duckdb", "options");

  @ArchTest
  static final ArchRule checkpointLooksDown =
      mayImport("checkpoint", "parquet", "catalog", "options");

  @ArchTest
  static final ArchRule warehouseLooksDown =
      mayImport("warehouse", "checkpoint", "duckdb", "parquet", "catalog", "options");

  @ArchTest
  static final ArchRule mergeLooksDown =
      mayImport("merge", "checkpoint", "duckdb", "parquet", "catalog", "options");

  @ArchTest
  static final ArchRule qualityLooksDown =
      mayImport("quality", "checkpoint", "parquet", "catalog", "options");

  @ArchTest
  static final ArchRule launchLooksDown =
      mayImport("launch", "checkpoint", "parquet", "catalog", "options");

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
              "ml.bqx.catalog..",
              "ml.bqx.checkpoint..",
              "ml.bqx.duckdb..",
              "ml.bqx.launch..",
              "ml.bqx.merge..",
              "ml.bqx.options..",
              "ml.bqx.parquet..",
              "ml.bqx.quality..",
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
