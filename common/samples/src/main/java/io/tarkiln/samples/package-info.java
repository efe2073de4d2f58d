/**
 * What tests of the stages begin with: events of a small build, records as they are sent and
 * received, image tars, a store on a real S3 server, clients of a real registry. It knows the
 * model, the store and the registry client, so their own tests use {@code io.tarkiln.testkit} only.
 */
@NullMarked
package io.tarkiln.samples;

import org.jspecify.annotations.NullMarked;
