package io.tarkiln.git.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarkiln.testkit.GitRepository;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Held against the real git. */
@Tag("server")
class GitAttributesTest {
  private static final List<String> FILES =
      List.of(
          "a.bin", "b.txt", "sub/a.bin", "sub/deep/a.bin", "sub/my file.bin", "other/sub/a.bin");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "*.bin filter=lfs, '', ''",
    "a.bin filter=lfs, '', ''",
    "/a.bin filter=lfs, '', ''",
    "sub/a.bin filter=lfs, '', ''",
    "sub/** filter=lfs, '', ''",
    "sub/* filter=lfs, '', ''",
    "sub/ filter=lfs, '', ''",
    "sub filter=lfs, '', ''",
    "**/sub/*.bin filter=lfs, '', ''",
    "**/deep/* filter=lfs, '', ''",
    "a.[b]in filter=lfs, '', ''",
    "?.bin filter=lfs, '', ''",
    "*.bin filter=lfs, *.bin -filter, ''",
    "*.bin filter=lfs, *.bin !filter, ''",
    "*.bin filter=lfs, a.bin filter=other, ''",
    "*.bin -filter, '*.bin diff=x filter=lfs -text', ''",
    "*.bin filter=lfs, deep/a.bin -filter, ''",
    "*.bin filter=lfs, *.bin text, a.bin filter",
    "*.bin filter=lfs|a.bin -filter, '', ''",
    "a.bin -filter|*.bin filter=lfs, '', ''",
    "[attr]big filter=lfs -text|*.bin big, '', ''",
    "[attr]big filter=lfs|[attr]huge big|*.bin huge, '', ''",
    "[attr]big filter=lfs|*.bin big, a.bin -filter, ''",
    "[attr]big filter=lfs|*.bin big -filter, '', ''",
    "[attr]big filter=lfs|*.bin -filter big, '', ''",
    "[attr]big filter=lfs|*.bin -big, '', ''",
    "*.bin big, [attr]big filter=lfs, ''",
    "'\"sub/my file.bin\" filter=lfs', '', ''",
    "'\"sub/my\\040file.bin\" filter=lfs', '', ''",
    "'my\\ file.bin filter=lfs', '', ''",
    "'# *.bin filter=lfs', '', ''",
    "'!*.bin filter=lfs', '', ''",
    "'  *.bin\tfilter=lfs  ', '', ''",
    "*.bin filter=lfs filter=other, '', ''",
    "*.bin filter=other filter=lfs, '', ''",
    "*.BIN filter=lfs, '', ''",
    "* filter=lfs, * -filter, * filter=lfs",
  })
  void are_those_of_git(String root, String sub, String deep) throws Exception {
    GitRepository repository = GitRepository.in(folder.resolve("shop"));
    for (String file : FILES) {
      repository.file(file, "x");
    }
    repository.file(".gitattributes", "\ufeff" + root.replace('|', '\n') + "\n");
    repository.file("sub/.gitattributes", sub + "\r\n").file("sub/deep/.gitattributes", deep);
    repository.commit();
    TreeMap<String, String> expected = new TreeMap<>();
    for (String file : FILES) {
      String line = repository.git("check-attr", "filter", "--", file);
      String value = line.substring(line.lastIndexOf(": ") + 2);
      if (!List.of("set", "unset", "unspecified").contains(value)) {
        expected.put(file, value);
      }
    }

    TreeMap<String, String> found =
        HeadTree.use(
            repository,
            tree -> {
              TreeMap<String, String> values = new TreeMap<>();
              GitAttributes attributes = new GitAttributes();
              for (String file : FILES) {
                attributes
                    .value(tree.find(file).orElseThrow(), "filter")
                    .ifPresent(value -> values.put(file, value));
              }
              return values;
            });

    assertThat(found).isEqualTo(expected);
  }
}
