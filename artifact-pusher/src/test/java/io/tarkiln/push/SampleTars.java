package io.tarkiln.push;

import io.tarkiln.imagetar.FileTarSource;
import io.tarkiln.imagetar.TarSource;
import io.tarkiln.samples.KanikoTar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tars in files that go when the JVM ends. */
public final class SampleTars {
  private SampleTars() {}

  public static TarSource of(KanikoTar tar) throws IOException {
    Path file = Files.createTempFile("tarkiln", ".tar");
    file.toFile().deleteOnExit();
    return new FileTarSource(tar.writeTo(file));
  }
}
