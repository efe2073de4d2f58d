/** What all commands share: the user's settings, access to Kafka, exit codes and printing. */
@NullMarked
package io.tarkiln.cli.session;

import org.jspecify.annotations.NullMarked;
