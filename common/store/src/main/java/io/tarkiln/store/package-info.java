/**
 * What lies in S3: the keys, which are a contract, and the few operations that stages need.
 *
 * <p>Only this package sees the AWS SDK.
 */
@NullMarked
package io.tarkiln.store;

import org.jspecify.annotations.NullMarked;
