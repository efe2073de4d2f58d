package io.tarkiln.registry.error;

/** Why a registry does not take or give something, however often it is asked. */
public enum Refusal {
  /** The tag exists with another digest, and the registry keeps tags as they are. */
  TAG_IMMUTABLE,
  /** Rights, quota, a policy, a repository that does not exist, or any other refusal. */
  DENIED,
  /** The account is not accepted, or one is wanted and none is known. */
  UNAUTHORIZED,
  /** Its TLS cannot be trusted, or it speaks none. */
  UNTRUSTED,
  /** The bytes of a blob do not have the digest that names it. */
  WRONG_DIGEST
}
