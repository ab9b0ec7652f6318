package ml.bqx.merge.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import ml.bqx.catalog.Catalog;
import ml.bqx.catalog.Pair;
import ml.bqx.config.MergeConfig;
import ml.bqx.options.ColumnTypes;
import ml.bqx.options.FloatType;
import ml.bqx.parquet.ColumnEncoding;
import ml.bqx.parquet.ColumnEncoding.Kind;
import ml.bqx.parquet.ColumnSchema;
import ml.bqx.parquet.ColumnVector.Binaries;
import ml.bqx.parquet.ParquetFile;
import ml.bqx.storage.Storage;
import ml.bqx.training.Codes;

/**
 * How the columns of a plan are written. Columns of texts are read for that, because all their
 * values need a code.
 */
final class ColumnEncodings {
  private final Storage storage;
  private final MergeConfig config;
  private final List<ColumnSchema> columns;

  /**
   * The encodings of a plan.
   *
   * @param columns all its columns
   */
  ColumnEncodings(Storage storage, MergeConfig config, List<ColumnSchema> columns) {
    this.storage = storage;
    this.config = config;
    this.columns = columns;
  }

  /** Whether a column is of a type that the training file may have. */
  static boolean isTaken(MergeConfig config, ColumnSchema column) {
    return switch (config.choice().types()) {
      case ANY -> true;
      case NUMERIC -> ColumnEncoding.isNumber(column);
      case ENCODED -> ColumnEncoding.kind(column).isPresent();
    };
  }

  /** Whether one of the columns is not written as it is. */
  static boolean areNeeded(MergeConfig config, Collection<ColumnSchema> columns) {
    return columns.stream()
        .map(column -> new ColumnEncoding(kind(config, column), column, List.of(), single(config)))
        .anyMatch(encoding -> !encoding.isNone());
  }

  private static boolean single(MergeConfig config) {
    return config.choice().floatType() == FloatType.FLOAT32;
  }

  private static Kind kind(MergeConfig config, ColumnSchema column) {
    return config.choice().types() == ColumnTypes.ENCODED
        ? ColumnEncoding.kind(column).orElse(Kind.NONE)
        : Kind.NONE;
  }

  /**
   * An encoding for each column.
   *
   * @throws ml.bqx.failure.InvalidInputException when a text has no code
   */
  List<ColumnEncoding> of(List<SourcePlan> sources) throws IOException {
    Codes codes = Codes.read(storage, config.choice().codes());
    List<ColumnEncoding> encodings = new ArrayList<>();
    encodings.add(ColumnEncoding.none(columns.get(0)));
    for (SourcePlan source : sources) {
      List<ColumnSchema> own =
          columns.subList(source.firstColumn(), source.firstColumn() + source.columns().size());
      for (int i = 0; i < own.size(); i++) {
        Kind kind = kind(config, own.get(i));
        List<String> texts =
            kind == Kind.CODE
                ? codes.of(own.get(i).name(), texts(source, source.columns().get(i)))
                : List.of();
        encodings.add(new ColumnEncoding(kind, own.get(i), texts, single(config)));
      }
    }

    if (encodings.size() < columns.size()) {
      encodings.add(pair());
    }

    return List.copyOf(encodings);
  }

  /** The texts of a column, as far as the files of the source have it. */
  private List<Binaries> texts(SourcePlan source, String column) throws IOException {
    List<Binaries> texts = new ArrayList<>();
    for (int i = 0; i < source.files().size(); i++) {
      try (ParquetFile file =
          storage.open(source.files().get(i), source.provenance().checksums(i))) {
        int index = file.footer().indexOf(column);
        if (index >= 0 && file.reader().read(file.footer(), index) instanceof Binaries values) {
          texts.add(values);
        }
      }
    }

    return texts;
  }

  /** The pair has one code of 28 in all files. */
  private ColumnEncoding pair() {
    ColumnSchema column = ColumnSchema.string(Catalog.PAIR_COLUMN);
    return config.choice().types() == ColumnTypes.ENCODED
        ? new ColumnEncoding(
            Kind.CODE, column, Pair.ALL.stream().map(Pair::name).toList(), single(config))
        : ColumnEncoding.none(column);
  }
}
