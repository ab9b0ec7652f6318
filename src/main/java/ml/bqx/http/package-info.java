/** Calls to Google's services over HTTP: which are repeated, and what a failure means. */
package ml.bqx.http;
