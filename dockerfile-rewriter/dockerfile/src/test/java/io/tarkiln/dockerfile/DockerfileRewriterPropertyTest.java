package io.tarkiln.dockerfile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tarkiln.samples.dockerfile.DockerfileGenerator;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is true of every file, on files of all kinds. */
class DockerfileRewriterPropertyTest {
  @Property
  void of_a_dockerfile(@ForAll long seed) {
    Invariants.hold(file(seed));
  }

  @Property
  void of_a_damaged_dockerfile(
      @ForAll long seed, @ForAll @IntRange(max = 4000) int place, @ForAll byte other) {
    byte[] file = file(seed);
    int at = file.length == 0 ? 0 : place % file.length;
    Invariants.hold(
        switch (file.length == 0 ? 0 : place % 3) {
          case 0 ->
              joined(Arrays.copyOf(file, at), other, Arrays.copyOfRange(file, at, file.length));
          case 1 -> joined(Arrays.copyOf(file, at), Arrays.copyOfRange(file, at + 1, file.length));
          default ->
              joined(Arrays.copyOf(file, at), other, Arrays.copyOfRange(file, at + 1, file.length));
        });
  }

  @Property
  void of_two_halves_of_dockerfiles(@ForAll long seed, @ForAll @IntRange(max = 4000) int place) {
    byte[] first = file(seed);
    byte[] second = file(~seed);
    Invariants.hold(
        joined(
            Arrays.copyOf(first, Math.min(place, first.length)),
            Arrays.copyOfRange(second, Math.min(place, second.length), second.length)));
  }

  @Property
  void of_any_bytes(@ForAll @Size(max = 300) byte[] bytes) {
    Invariants.hold(bytes);
  }

  private static byte[] joined(byte[] first, byte middle, byte[] last) {
    return joined(joined(first, new byte[] {middle}), last);
  }

  private static byte[] joined(byte[] first, byte[] last) {
    byte[] all = Arrays.copyOf(first, first.length + last.length);
    System.arraycopy(last, 0, all, first.length, last.length);
    return all;
  }

  private static byte[] file(long seed) {
    return new DockerfileGenerator(seed).next().getBytes(ISO_8859_1);
  }
}
