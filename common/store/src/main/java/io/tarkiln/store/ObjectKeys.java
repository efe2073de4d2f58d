package io.tarkiln.store;

import io.tarkiln.build.BuildId;
import io.tarkiln.build.NameSyntax;

/** The S3 keys. Other programs read these objects: the key is the contract. */
public final class ObjectKeys {
  /** Before the keys of all builds. */
  public static final String BUILDS = "builds/";

  /** Before the keys of what says which builds end one another. */
  public static final String CONCURRENCY = "concurrency/";

  /** Before the keys of all build contexts. */
  public static final String SOURCES = "sources/";

  /** The one top-level folder of a build context's archive; it stands for the repository's root. */
  public static final String SOURCE_FOLDER = "source";

  /** What {@link WriteOnceCheck} writes; expires as what is of builds does. */
  static final String WRITE_ONCE_CHECK = BUILDS + "write-once-check";

  private ObjectKeys() {}

  /**
   * A build context as tar.gz, named by what is in it.
   *
   * @param tree git's id of the tree with the context at its path, without what is ignored, and
   *     nothing else
   */
  public static String source(String workload, String tree) {
    return "%s%s/%s.tar.gz"
        .formatted(
            SOURCES, NameSyntax.name("workload", workload), NameSyntax.objectId("tree", tree));
  }

  /**
   * The list of the files of a build context, named by what is in it. It lies beside the archive
   * and says of each file what git knows: who has to know names alone need not read the archive.
   *
   * @param sourceKey key of the archive, as {@link #source} makes it
   */
  public static String sourceFiles(String sourceKey) {
    return sourceKey.replaceFirst("\\.tar\\.gz$", "") + ".files.gz";
  }

  /**
   * The builds of a workload with the same concurrency key.
   *
   * @param hash of the key, in hexadecimal digits
   */
  public static String concurrency(String workload, String hash) {
    return "%s%s/%s/".formatted(CONCURRENCY, NameSyntax.name("workload", workload), hash);
  }

  /** Everything of one build but its sources. */
  public static String build(BuildId build) {
    return BUILDS + build + "/";
  }

  /** The request that the build is of, written once by its first reader. */
  public static String request(BuildId build) {
    return build(build) + "request.json";
  }

  /** The commit that the revision meant, written once. */
  public static String sourcePin(BuildId build) {
    return build(build) + "source.json";
  }

  /** What the checkout came to, once all sources are there; events are held against it. */
  public static String checkedOut(BuildId build) {
    return build(build) + "checked-out.json";
  }

  public static String dockerfile(BuildId build, String service) {
    return of(build, service, "Dockerfile");
  }

  public static String rewrittenDockerfile(BuildId build, String service) {
    return of(build, service, "Dockerfile.rewritten");
  }

  public static String imageTar(BuildId build, String service) {
    return of(build, service, "image.tar");
  }

  /** What the service is built from, and whether an image of the same is there; written once. */
  public static String inputs(BuildId build, String service) {
    return of(build, service, "inputs.json");
  }

  /** The digest, once blobs and manifest are in the registry. */
  public static String image(BuildId build, String service) {
    return of(build, service, "image.json");
  }

  public static String log(BuildId build, String service) {
    return of(build, service, "build.log");
  }

  /** The outcome, written once. */
  public static String finished(BuildId build) {
    return build(build) + "finished.json";
  }

  /** What the build's tags named before any of them was set; written once. */
  public static String tagsBefore(BuildId build) {
    return build(build) + "tags-before.json";
  }

  /** That all tags of the build stand and its end was announced; written last of all. */
  public static String released(BuildId build) {
    return build(build) + "released.json";
  }

  private static String of(BuildId build, String service, String name) {
    return build(build) + NameSyntax.name("service", service) + "/" + name;
  }
}
