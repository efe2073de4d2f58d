/**
 * Reads the image tars that Kaniko writes ({@code docker save}'s format with the layers as
 * registries have them) without reading their layers: headers, configuration and {@code
 * manifest.json} say all that is needed.
 *
 * <p>Kaniko names each layer by the digest of its compressed bytes, so what a registry lacks is
 * known before a layer is read. Tars come from strangers and are refused at the first oddity.
 */
@NullMarked
package io.tarkiln.imagetar;

import org.jspecify.annotations.NullMarked;
