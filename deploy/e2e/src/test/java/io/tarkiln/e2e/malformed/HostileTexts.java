package io.tarkiln.e2e.malformed;

import java.util.List;

/** Texts that somebody might send who means no good, or whose script is broken. */
final class HostileTexts {
  private static final int TOO_LONG = 5000;

  /** No names of workloads or services, and no tags. */
  static final List<String> NAMES =
      List.of(
          "../../etc/passwd",
          "..",
          "a/b",
          "a b",
          "-rf",
          "a\u0000b",
          "a\nbuildId=forged",
          "\u001b[2J",
          "$(id)",
          "`id`",
          "'; drop table builds; --",
          "${jndi:ldap://127.0.0.1/a}",
          "%2e%2e%2f",
          "\u540d\u524d",
          "\u202egnp.exe",
          "x".repeat(TOO_LONG),
          "",
          " ");

  /** No paths inside a repository. */
  static final List<String> PATHS =
      List.of(
          "../x",
          "/etc/passwd",
          "a/../../b",
          "a/..",
          "a\\b",
          "C:\\windows",
          "\\\\server\\share",
          "a\u0000b",
          "x/".repeat(TOO_LONG));

  /** No keys of objects that a service would write. */
  static final List<String> KEYS =
      List.of(
          "../../../etc/passwd",
          "builds/../../secrets",
          "/etc/passwd",
          "..",
          "a\u0000b",
          "a\nb",
          "k".repeat(TOO_LONG),
          "\u540d".repeat(1000),
          "builds//x",
          "a\\..\\b");

  /** No addresses of repositories that may be fetched from. */
  static final List<String> ADDRESSES =
      List.of(
          "ext::sh -c id",
          "-oProxyCommand=id",
          "--upload-pack=id",
          "http://169.254.169.254/latest/meta-data",
          "http://metadata.google.internal/",
          "https://user:password@git.example/shop.git",
          "https://git.example/../../shop.git",
          "https://git.example/%2e%2e/shop.git",
          "ftp://git.example/shop.git",
          "javascript://alert(1)",
          "git://git.example/shop.git",
          "file:///etc/passwd",
          "file:///",
          "file:///no/such/repository",
          "ssh://-oProxyCommand=id/shop.git",
          "https://git.example/shop.git\nHost: other",
          "https://[::1/shop.git",
          "://",
          "x".repeat(TOO_LONG));

  /** No revisions of any repository. */
  static final List<String> REVISIONS =
      List.of(
          "--upload-pack=id",
          "-1",
          "main\nHEAD",
          "main..HEAD",
          "main^{/x}",
          "refs/heads/../../config",
          "a\u0000b",
          "@{-1}",
          "0000000000000000000000000000000000000000",
          "f".repeat(40),
          "$(id)",
          ":/",
          "refs/*:refs/*",
          "x".repeat(TOO_LONG));

  /** No names of build arguments. */
  static final List<String> ARGUMENTS =
      List.of("", "A B", "A=B", "$(id)", "--destination", "A\nB", "A\u0000", "1A");

  private HostileTexts() {}
}
