package io.tarkiln.event;

import io.tarkiln.build.NameSyntax;
import java.util.List;

/**
 * The tags of a service's image are in the registry.
 *
 * @param image reference with the build's tag
 * @param tags all tags that were set
 * @param digest of the manifest, {@code sha256:...}
 * @param bytesSent of blobs, to the registry
 * @param blobsSent blobs uploaded
 * @param blobsMounted blobs taken over from another repository of the registry
 * @param blobsSkipped blobs that the repository had
 */
public record ImagePushed(
    String workload,
    String service,
    String image,
    List<String> tags,
    String digest,
    long bytesSent,
    int blobsSent,
    int blobsMounted,
    int blobsSkipped)
    implements ServiceEventData {
  public ImagePushed {
    NameSyntax.name("workload", NameSyntax.text("workload", workload));
    NameSyntax.name("service", NameSyntax.text("service", service));
    NameSyntax.text("image", image);
    tags = List.copyOf(NameSyntax.present("tags", tags));
    NameSyntax.text("digest", digest);
  }
}
