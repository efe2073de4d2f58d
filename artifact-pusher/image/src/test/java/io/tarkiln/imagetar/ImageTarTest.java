package io.tarkiln.imagetar;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.image.Digests;
import io.tarkiln.samples.KanikoTar;
import io.tarkiln.samples.TarBytes;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTarTest {
  @TempDir Path folder;

  @Test
  void finds_every_blob_by_its_digest_size_and_place() throws Exception {
    KanikoTar tar = new KanikoTar().layer(1, 1000).layer(2, 70_000).layer(3, 0);
    byte[] bytes = tar.bytes();

    ImageTar image = ImageTar.read(new BytesTarSource(bytes));

    assertThat(image.config().digest()).isEqualTo(Digests.of(tar.config()));
    assertThat(image.layers().stream().map(layer -> layer.blob().digest()))
        .isEqualTo(tar.layerDigests());
    for (int i = 0; i < 3; i++) {
      Blob blob = image.layers().get(i).blob();
      byte[] there = java.util.Arrays.copyOfRange(bytes, (int) blob.offset(), end(blob));
      assertThat(there).isEqualTo(tar.layers().get(i));
    }
  }

  @Test
  void reads_a_small_tar_in_two_requests_at_once() throws Exception {
    BytesTarSource source = new BytesTarSource(new KanikoTar().layer(1, 1000).layer(2, 5).bytes());

    ImageTar.read(source);

    assertThat(source.reads()).hasValue(2);
  }

  @Test
  void reads_no_layer_of_a_large_tar() throws Exception {
    byte[] bytes = new KanikoTar().layer(1, 9 << 20).layer(2, 9 << 20).bytes();
    BytesTarSource source = new BytesTarSource(bytes);

    ImageTar.read(source);

    assertThat(source.reads()).hasValueLessThanOrEqualTo(3);
    assertThat(source.bytesRead()).hasValueLessThan(bytes.length / 50);
  }

  @Test
  void reads_a_tar_whose_manifest_is_not_at_the_end() throws Exception {
    KanikoTar tar = new KanikoTar().layer(1, 100_000);
    byte[] bytes =
        new TarBytes()
            .file(TarManifest.NAME, tar.manifestJson())
            .file(Digests.of(tar.config()), tar.config())
            .file(KanikoTar.fileName(tar.layerDigests().get(0)), tar.layers().get(0))
            .end();

    ImageTar image = ImageTar.read(new BytesTarSource(bytes));

    assertThat(image.layers()).hasSize(1);
  }

  @Test
  void reads_a_configuration_that_is_larger_than_what_is_read_ahead() throws Exception {
    KanikoTar tar = new KanikoTar().label("long", "x".repeat(300_000)).layer(1, 3 << 20);

    ImageTar image = ImageTar.read(new BytesTarSource(tar.bytes()));

    assertThat(image.config().size()).isGreaterThan(300_000);
  }

  @Test
  void takes_a_layer_that_comes_twice_as_one_blob() throws Exception {
    KanikoTar tar = new KanikoTar().layer(1, 100).layer(2, 100).layer(1, 100);

    ImageTar image = ImageTar.read(new BytesTarSource(tar.bytes()));

    assertThat(image.layers()).hasSize(3);
    assertThat(image.blobs()).hasSize(3);
  }

  @Test
  void takes_an_image_without_layers() throws Exception {
    ImageTar image = ImageTar.read(new BytesTarSource(new KanikoTar().bytes()));

    assertThat(image.layers()).isEmpty();
  }

  @Test
  void takes_sizes_and_names_from_extended_headers() throws Exception {
    KanikoTar tar = new KanikoTar().layer(1, 1000);
    byte[] layer = tar.layers().get(0);
    String name = KanikoTar.fileName(tar.layerDigests().get(0));
    byte[] bytes =
        new TarBytes()
            .file(Digests.of(tar.config()), tar.config())
            .pax("mtime=1350244992.023960108", "path=" + name, "size=" + layer.length)
            .member('0', "cut-off-name", 0, layer)
            .file("manifest.json", tar.manifestJson())
            .end();

    ImageTar image = ImageTar.read(new BytesTarSource(bytes));

    assertThat(image.layers().get(0).blob().size()).isEqualTo(layer.length);
  }

  @Test
  void reads_the_same_from_a_file() throws Exception {
    KanikoTar tar = new KanikoTar().layer(1, 2 << 20).layer(2, 100);
    Path file = tar.writeTo(folder.resolve("image.tar"));

    ImageTar image = ImageTar.read(new FileTarSource(file));

    assertThat(image).isEqualTo(ImageTar.read(new BytesTarSource(tar.bytes())));
    Blob last = image.layers().get(1).blob();
    try (var in = new FileTarSource(file).open(last.offset(), last.size())) {
      assertThat(in.readAllBytes()).isEqualTo(tar.layers().get(1));
    }
  }

  @Test
  void makes_the_manifest_of_a_tar_to_the_byte() throws Exception {
    ImageTar image =
        new ImageTar(
            new Blob("sha256:" + "c".repeat(64), 7, 512),
            List.of(
                gzipped(new Blob("sha256:" + "a".repeat(64), 123_456_789_012L, 1536)),
                gzipped(new Blob("sha256:" + "b".repeat(64), 32, 4096))));

    String expected =
        "{'schemaVersion':2,'mediaType':'application/vnd.docker.distribution.manifest.v2+json',"
            + "'config':{'mediaType':'application/vnd.docker.container.image.v1+json','size':7,"
            + "'digest':'sha256:%s'},".formatted("c".repeat(64))
            + "'layers':[{'mediaType':'application/vnd.docker.image.rootfs.diff.tar.gzip',"
            + "'size':123456789012,'digest':'sha256:%s'},".formatted("a".repeat(64))
            + "{'mediaType':'application/vnd.docker.image.rootfs.diff.tar.gzip',"
            + "'size':32,'digest':'sha256:%s'}]}".formatted("b".repeat(64));
    assertThat(Manifest.of(image).bytes()).asString().isEqualTo(expected.replace('\'', '"'));
  }

  @Test
  void tells_what_layers_are_by_their_bytes_and_reads_no_more_for_it() throws Exception {
    KanikoTar tar = new KanikoTar();
    for (int i = 0; i < 3; i++) {
      tar.layer(i, 100_000).zstdLayer(i, 100_000).plainLayer(i, 100_000);
    }
    BytesTarSource source = new BytesTarSource(tar.layer(9, 100_000).bytes());

    ImageTar image = ImageTar.read(source);

    assertThat(image.layers().stream().map(Layer::compression).limit(3))
        .containsExactly(Compression.GZIP, Compression.ZSTD, Compression.NONE);
    // Both ends, and the headers in between that neither has.
    assertThat(source.reads()).hasValue(2 + 9);
  }

  @ParameterizedTest
  @CsvSource({
    "1f8b0800,GZIP",
    "1f8b,GZIP",
    "1f,NONE",
    "'',NONE",
    "28b52ffd,ZSTD",
    "28b52f,NONE",
    "28b52ffe,NONE",
    "502a4d18,ZSTD",
    "5f2a4d18,ZSTD",
    "602a4d18,NONE",
    "62696e2f,NONE",
    "00000000,NONE"
  })
  void tells_compression_by_the_first_bytes(String start, Compression compression) {
    assertThat(Compression.of(HexFormat.of().parseHex(start))).isEqualTo(compression);
  }

  @Test
  void padding_behind_a_layer_is_not_taken_for_it() throws Exception {
    KanikoTar tar = new KanikoTar().raw(new byte[] {0x1f});

    ImageTar image = ImageTar.read(new BytesTarSource(tar.bytes()));

    assertThat(image.layers().get(0).compression()).isEqualTo(Compression.NONE);
  }

  private static Layer gzipped(Blob blob) {
    return new Layer(blob, Compression.GZIP);
  }

  private static int end(Blob blob) {
    return (int) (blob.offset() + blob.size());
  }
}
