package ml.bqx.launch;

import ml.bqx.catalog.Catalog;
import ml.bqx.config.ExtractConfig;

/**
 * What an extraction would make now.
 *
 * @param config of the extraction that the jobs would run
 * @param catalog the pair's groups, with their tables' times of change
 * @param values that it would read, timestamps included
 */
public record Wanted(ExtractConfig config, Catalog catalog, double values) {}
