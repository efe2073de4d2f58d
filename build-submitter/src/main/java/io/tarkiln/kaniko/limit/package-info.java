/**
 * How much of this machine one run may take, and the control group that holds it to that where the
 * machine lets us make one.
 */
@NullMarked
package io.tarkiln.kaniko.limit;

import org.jspecify.annotations.NullMarked;
