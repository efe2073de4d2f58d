/** How threads are made, by whatever pool they are for. */
@NullMarked
package io.tarkiln.thread;

import org.jspecify.annotations.NullMarked;
