/** The command line. */
package io.hypertape.cli;
