/** What runs cost: unit prices, estimates, and actual usage. */
package ml.bqx.cost;
