/** How an option is declared, besides its getter: its help, and what a template says of it. */
package ml.bqx.options.declaration;
