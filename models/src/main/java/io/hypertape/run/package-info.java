/** Training runs: the loop, and the folder that keeps what came of it. */
package io.hypertape.run;
