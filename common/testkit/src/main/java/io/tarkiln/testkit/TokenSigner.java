package io.tarkiln.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;

/** Signs JSON web tokens by RS256 (RFC 7519), and shows its key (RFC 7517). */
public final class TokenSigner {
  private static final String KEY = "tests";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final KeyPair keys;

  public TokenSigner() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
  }

  /** A token with these claims, as JSON. */
  public String sign(String claims) {
    String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"%s\"}".formatted(KEY);
    String signed = encoded(header.getBytes(UTF_8)) + "." + encoded(claims.getBytes(UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + encoded(signature.sign());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The set of the one key that verifies them, as JSON. */
  public String keySet() {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    return """
    {"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"%s","n":"%s","e":"%s"}]}
    """
        .formatted(KEY, encoded(key.getModulus()), encoded(key.getPublicExponent()));
  }

  private static String encoded(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }

  /** Without the byte of the sign. */
  private static String encoded(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return encoded(Arrays.copyOfRange(bytes, bytes[0] == 0 ? 1 : 0, bytes.length));
  }
}
