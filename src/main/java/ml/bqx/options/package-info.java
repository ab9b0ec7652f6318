/** The options of the commands, each declared once, and the values that some of them take. */
package ml.bqx.options;
