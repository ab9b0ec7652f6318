/**
 * Where feature tables come from: one interface, the warehouses behind it, a sample of one to try
 * everything on, and the comparison of a training file with its warehouse.
 */
package ml.bqx.warehouse;
