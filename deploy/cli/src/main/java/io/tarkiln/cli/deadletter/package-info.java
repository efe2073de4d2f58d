/** Lists, shows and retries records that no service could read. */
@NullMarked
package io.tarkiln.cli.deadletter;

import org.jspecify.annotations.NullMarked;
