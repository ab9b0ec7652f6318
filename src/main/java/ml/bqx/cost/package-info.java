/** What runs cost: unit prices, estimates, and bills of what was used. */
package ml.bqx.cost;
