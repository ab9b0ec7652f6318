/** The immutable configs that options become once they were checked, and how they are checked. */
package ml.bqx.config;
