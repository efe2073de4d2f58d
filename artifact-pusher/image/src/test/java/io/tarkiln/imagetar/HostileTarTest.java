package io.tarkiln.imagetar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarkiln.build.Reason;
import io.tarkiln.build.RejectedException;
import io.tarkiln.image.Digests;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TarBytes;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tars that no Kaniko wrote, made by hand. */
class HostileTarTest {
  private static final byte[] NOTHING = new byte[0];

  private final KanikoTar honest = new KanikoTar().layer(1, 1000);

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../up", "a/../../b", "..", "a/.."})
  void refuses_names_that_lead_out(String name) {
    assertThat(refusal(honest().file(name, "x").end())).contains("leads out of the tar");
    assertThat(refusal(honest().pax("path=" + name).file("x", "x").end()))
        .contains("leads out of the tar");
    assertThat(refusal(honest().member('5', name, 0, NOTHING).end()))
        .contains("leads out of the tar");
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '2', '3', '4', '6', '7', 'g', 'K', 'L', 'S', 'M', 'V', 'X', 'D', 'Z'})
  void refuses_what_is_no_regular_file(char type) {
    assertThat(refusal(honest().member(type, "odd", 0, NOTHING).end()))
        .contains("'odd' is no regular file");
  }

  @Test
  void refuses_a_name_that_comes_twice() {
    assertThat(refusal(honest().file("manifest.json", "[]").end())).contains("is there twice");
  }

  @Test
  void refuses_sizes_that_lie() {
    assertThat(refusal(honest().member('0', "x", 1L << 32, NOTHING).end()))
        .contains("claims 4294967296 bytes");
    assertThat(refusal(honest().pax("size=999999999").file("x", "x").end()))
        .contains("claims 999999999 bytes");
  }

  @Test
  void refuses_negative_and_enormous_sizes() {
    byte[] negative = TarBytes.header('0', "x", 0);
    Arrays.fill(negative, 124, 136, (byte) 0xff);
    byte[] enormous = TarBytes.header('0', "x", 0);
    Arrays.fill(enormous, 124, 136, (byte) 0x7f);
    enormous[124] = (byte) 0x80;

    assertThat(refusal(honest().raw(TarBytes.sealed(negative)).end())).contains("byte");
    assertThat(refusal(honest().raw(TarBytes.sealed(enormous)).end())).contains("byte");
  }

  @Test
  void says_what_an_archive_is_that_no_engine_writes() throws Exception {
    byte[] tar = honest().end();
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(tar);
    }

    assertThat(refusal(gzip.toByteArray())).contains("compressed with gzip").contains("gunzip");
    assertThat(refusal(new byte[] {'B', 'Z', 'h', '9'})).contains("compressed with bzip2");
    assertThat(refusal(new byte[] {'P', 'K', 3, 4})).contains("zip archive");
    assertThat(refusal(new TarBytes().file("oci-layout", "{}").file("index.json", "{}").end()))
        .contains("OCI image layout");
    assertThat(refusal(new TarBytes().file("BZh", "x").end())).contains("no 'manifest.json'");
    String saved = "[{\"Config\":\"blobs/sha256/ab\",\"Layers\":[\"blobs/sha256/cd\"]}]";
    assertThat(refusal(new TarBytes().file("oci-layout", "{}").file("manifest.json", saved).end()))
        .contains("docker save");
  }

  @Test
  void refuses_a_broken_header() {
    byte[] header = TarBytes.header('0', "x", 0);
    header[0] = 'y';

    assertThat(refusal(honest().raw(header).end())).contains("wrong checksum");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "4 a=\n",
        "9 path=a\n9999 b=c\n",
        "-1 path=a\n",
        "0 path=a\n",
        "10 path=ab",
        "6 abcd\n",
        "99999999999 a=b\n",
        "12 size=-12\n",
        "28 size=9999999999999999999\n"
      })
  void refuses_broken_extended_headers(String records) {
    byte[] tar = honest().rawPax(records).file("x", "x").end();

    assertThat(refusal(tar)).contains("an extended header is broken");
  }

  @Test
  void refuses_sparse_members_and_large_extended_headers() {
    assertThat(refusal(honest().pax("GNU.sparse.major=1").file("x", "x").end())).contains("sparse");
    assertThat(refusal(honest().pax("path=" + "x".repeat(70_000)).file("x", "x").end()))
        .contains("larger than 65536 bytes");
  }

  @Test
  void refuses_a_tar_of_nothing_but_headers() {
    TarBytes tar = honest();
    for (int i = 0; i < 5001; i++) {
      tar.member('5', "folder", 0, NOTHING);
    }

    assertThat(refusal(tar.end())).contains("more than 5000 members");
  }

  @Test
  void refuses_a_tar_that_is_cut_off() {
    byte[] whole = honest().cutOff();

    assertThat(refusal(whole)).contains("cut off");
    assertThat(refusal(Arrays.copyOf(whole, 600))).contains("claims");
    assertThat(refusal(NOTHING)).contains("cut off");
  }

  @Test
  void refuses_a_tar_without_the_documents_it_needs() {
    assertThat(refusal(new TarBytes().end())).contains("no 'manifest.json'");
    assertThat(refusal(new TarBytes().file("manifest.json", honest.manifestJson()).end()))
        .contains("there is no '" + KanikoTar.fileName(honest.layerDigests().get(0)) + "' in it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "7",
        "null",
        "[]",
        "[{},{}]",
        "{}",
        "[{\"Config\":7,\"Layers\":[]}]",
        "[{\"Config\":\"c\",\"Layers\":{}}]",
        "[{\"Config\":\"../c\",\"Layers\":[]}]",
        "[{\"Config\":\"manifest.json\",\"Layers\":[]}]",
        "[{\"Config\":\"c\",\"Layers\":[\"layer.tar\"]}]",
        "[{\"Config\":\"c\",\"Layers\":[],\"LayerSources\":{\"sha256:1\":{}}}]"
      })
  void refuses_an_odd_manifest_json(String json) {
    assertThat(refusal(new TarBytes().file("manifest.json", json).end())).contains("Kaniko writes");
  }

  @Test
  void refuses_deep_and_large_documents() {
    assertThat(refusal(new TarBytes().file("manifest.json", "[".repeat(100_000)).end()))
        .contains("not JSON");
    assertThat(refusal(new TarBytes().file("manifest.json", new byte[(8 << 20) + 1]).end()))
        .contains("larger than 8388608 bytes");
  }

  @Test
  void unpacks_nothing_so_that_a_bomb_is_just_no_json() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 100; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    String name = KanikoTar.fileName(honest.layerDigests().get(0));
    String manifest =
        "[{\"Config\":\"%s\",\"Layers\":[\"%s\"]}]".formatted(Digests.of(bomb.toByteArray()), name);

    byte[] tar =
        new TarBytes()
            .file(Digests.of(bomb.toByteArray()), bomb.toByteArray())
            .file(name, honest.layers().get(0))
            .file("manifest.json", manifest)
            .end();
    byte[] asManifest = new TarBytes().file("manifest.json", bomb.toByteArray()).end();

    assertThat(refusal(tar)).contains("not JSON");
    assertThat(refusal(asManifest)).contains("not JSON");
  }

  @Test
  void refuses_members_that_both_headers_give_a_size_that_lies() {
    byte[] hidden = new byte[2048];
    Arrays.fill(hidden, 512, 1024, (byte) 7);
    assertThat(refusal(honest().pax("size=512").member('0', "x", 2048, hidden).end()))
        .contains("header at byte");
    Arrays.fill(hidden, (byte) 0);
    hidden[2000] = 1;
    assertThat(refusal(honest().pax("size=512").member('0', "x", 2048, hidden).end()))
        .contains("something follows its end mark");
  }

  @Test
  void refuses_more_layers_than_any_image_has() {
    String name = KanikoTar.fileName(honest.layerDigests().get(0));
    String json =
        "[{\"Config\":\"%s\",\"Layers\":[%s]}]"
            .formatted(
                Digests.of(honest.config()),
                String.join(",", java.util.Collections.nCopies(1001, '"' + name + '"')));

    assertThat(refusal(new TarBytes().file("manifest.json", json).end()))
        .contains("more than 1000 layers");
  }

  @Test
  void refuses_a_configuration_that_is_not_what_its_name_says() {
    byte[] tar =
        new TarBytes()
            .file(Digests.of(honest.config()), "{}")
            .file(KanikoTar.fileName(honest.layerDigests().get(0)), honest.layers().get(0))
            .file("manifest.json", honest.manifestJson())
            .end();

    assertThat(refusal(tar)).contains("does not have the digest that names it");
  }

  @Test
  void refuses_a_configuration_of_another_number_of_layers() {
    byte[] config = "{\"rootfs\":{\"diff_ids\":[]}}".getBytes(UTF_8);
    String name = KanikoTar.fileName(honest.layerDigests().get(0));
    byte[] tar =
        new TarBytes()
            .file(Digests.of(config), config)
            .file(name, honest.layers().get(0))
            .file(
                "manifest.json",
                "[{\"Config\":\"%s\",\"Layers\":[\"%s\"]}]".formatted(Digests.of(config), name))
            .end();

    assertThat(refusal(tar)).contains("different numbers of layers");
  }

  @Test
  void shows_hostile_names_without_control_characters() {
    assertThat(refusal(honest().member('2', "a\u001b[31m\nb", 0, NOTHING).end()))
        .contains("'a?[31m?b'");
  }

  @Test
  void never_fails_otherwise_than_by_refusing() throws Exception {
    byte[] tar = honest().end();
    Random random = new Random(42);

    for (int i = 0; i < 20_000; i++) {
      byte[] broken = tar.clone();
      int at = random.nextInt(broken.length / 512) * 512;
      for (int j = 0; j < 3; j++) {
        broken[at + random.nextInt(512)] = (byte) random.nextInt();
      }
      if (random.nextBoolean()) {
        sealWhereHeader(broken, at);
      }
      refusals(Arrays.copyOf(broken, random.nextInt(4) > 0 ? broken.length : at));
    }
  }

  @Test
  void says_that_there_is_no_tar() {
    RejectedException refused =
        catchThrowableOfType(
            RejectedException.class,
            () -> ImageTar.read(new FileTarSource(Path.of("no", "such.tar"))));

    assertThat(refused).hasMessageContaining("no image tar at").hasNoCause();
  }

  private TarBytes honest() {
    return new TarBytes()
        .file(Digests.of(honest.config()), honest.config())
        .file(KanikoTar.fileName(honest.layerDigests().get(0)), honest.layers().get(0))
        .file("manifest.json", honest.manifestJson());
  }

  private static void sealWhereHeader(byte[] tar, int at) {
    byte[] header = TarBytes.sealed(Arrays.copyOfRange(tar, at, at + 512));
    System.arraycopy(header, 0, tar, at, header.length);
  }

  private static String refusal(byte[] tar) {
    assertThat(refusals(tar)).hasSize(1);
    return refusals(tar).get(0);
  }

  private static List<String> refusals(byte[] tar) {
    try {
      ImageTar.read(new BytesTarSource(tar));
      return List.of();
    } catch (RejectedException refused) {
      assertThat(refused.reason()).isEqualTo(Reason.BAD_IMAGE_TAR);
      return List.of(refused.getMessage());
    } catch (io.tarkiln.build.UnavailableException odd) {
      throw new AssertionError(odd);
    }
  }
}
