/**
 * Real servers on one machine: a KRaft broker and an S3 endpoint in this JVM, a registry as a child
 * process. The all-in-one runs on them, and so do the tests.
 */
@NullMarked
package io.tarkiln.embedded;

import org.jspecify.annotations.NullMarked;
