package io.tarkiln.bench.push;

import java.net.URI;
import java.util.List;

/** One way to bring an image tar from S3 into a registry. */
interface Pushing {
  String name();

  /**
   * Does it.
   *
   * @param s3 the address of S3, which may lead through a relay that counts
   * @param registry host and port, likewise
   * @param mountFrom repositories that may have layers; not every way can use them
   */
  void push(URI s3, String registry, Job job, List<String> mountFrom) throws Exception;

  /** Does the same and says how much memory it took at most, in bytes. */
  long peak(URI s3, String registry, Job job, List<String> mountFrom) throws Exception;

  /**
   * What is pushed where.
   *
   * @param key of the tar in S3
   * @param repository in the registry
   */
  record Job(String key, String repository) {}
}
