package io.tarkiln.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarkiln.build.RejectedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContextListingTest {
  private static final String ID = "0123456789abcdef0123456789abcdef01234567";
  private static final List<ContextEntry> FILES =
      List.of(
          new ContextEntry(0100644, ID, "Dockerfile", ""),
          new ContextEntry(040000, ID, "api/logs", ""),
          new ContextEntry(0120000, ID, "api/out", "../../caf\u00e9"),
          new ContextEntry(0100755, ID, "caf\u00e9\n.sh", ""),
          new ContextEntry(0160000, ID, "vendor", ""));

  @Test
  void are_records_of_bytes() throws Exception {
    String id = " " + ID + "\0";

    assertThat(new GZIPInputStream(new ByteArrayInputStream(written(FILES))).readAllBytes())
        .isEqualTo(
            ("100644" + id + "Dockerfile\0\0")
                .concat("40000" + id + "api/logs\0\0")
                .concat("120000" + id + "api/out\0../../caf\u00e9\0")
                .concat("100755" + id + "caf\u00e9\n.sh\0\0")
                .concat("160000" + id + "vendor\0\0")
                .getBytes(ISO_8859_1));
  }

  @Test
  void are_read_as_they_were_written() throws Exception {
    assertThat(read(written(FILES))).isEqualTo(FILES);
    assertThat(read(written(List.of()))).isEmpty();
  }

  @Test
  void have_one_order_and_each_path_once() {
    assertThatThrownBy(() -> written(List.of(FILES.get(1), FILES.get(0))))
        .hasMessageContaining("order");
    assertThatThrownBy(() -> written(List.of(FILES.get(0), FILES.get(0))))
        .hasMessageContaining("order");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100644 I\0a",
        "100644 I\0a\0",
        "100644 I",
        "100644 I\0a\0x\0",
        "120000 I\0a\0\0",
        "100600 I\0a\0\0",
        "x I\0a\0\0",
        "100644 no id\0a\0\0",
        "100644\0a\0\0",
        "\0\0\0",
        "100644 I\0../a\0\0",
        "100644 I\0/a\0\0",
        "100644 I\0a//b\0\0",
        "100644 I\0b\0\0100644 I\0a\0\0"
      })
  void are_not_read_when_broken(String list) {
    assertThatThrownBy(() -> read(gzip(list.replace("I", ID)))).isInstanceOf(IOException.class);
  }

  @Test
  void are_not_read_when_cut() throws Exception {
    byte[] whole = written(FILES);

    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 9)))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({"4, 1000, 4 files", "1000, 200, 200 bytes"})
  void are_not_read_beyond_bounds(int most, long mostBytes, String named) throws Exception {
    byte[] list = written(FILES);

    assertThatThrownBy(() -> ContextListing.read(new ByteArrayInputStream(list), most, mostBytes))
        .isInstanceOf(RejectedException.class)
        .hasMessageContaining(named);
  }

  private static byte[] written(List<ContextEntry> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ContextListing.Writer writer = new ContextListing.Writer(bytes);
    for (ContextEntry file : files) {
      writer.add(file);
    }
    writer.finish();
    return bytes.toByteArray();
  }

  private static List<ContextEntry> read(byte[] list) throws Exception {
    return ContextListing.read(new ByteArrayInputStream(list));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(ISO_8859_1));
    }
    return bytes.toByteArray();
  }
}
