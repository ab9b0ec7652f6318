/** Where feature tables come from: one interface, and the warehouses behind it. */
package ml.bqx.warehouse;
