/**
 * The bytes of blobs on their way to a registry: streamed, digested as they pass, and resumable.
 */
@NullMarked
package io.tarkiln.registry.blob;

import org.jspecify.annotations.NullMarked;
