/** Options of the pipelines, and the immutable configs that they become after they were checked. */
package ml.bqx.options;
