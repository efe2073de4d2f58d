/** Lists, shows and retries records that no service could read. */
package io.tarkiln.cli.deadletter;
