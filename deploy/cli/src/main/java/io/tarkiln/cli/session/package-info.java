/** What all commands share: the user's settings, access to Kafka, exit codes and printing. */
package io.tarkiln.cli.session;
