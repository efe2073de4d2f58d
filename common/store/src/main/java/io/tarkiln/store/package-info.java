/**
 * What lies in S3: the keys, which are a contract, and the few operations that stages need.
 *
 * <p>Only this package sees the AWS SDK.
 */
package io.tarkiln.store;
