package io.tarkiln.build;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a build failed: the code in {@code build-finished}, for machines to act on. */
public enum Reason {
  /** A name, tag, path or address in the request breaks its grammar. */
  BAD_REQUEST,
  /** The configuration does not allow what was asked for, such as a git host. */
  NOT_ALLOWED,
  NO_SUCH_REPOSITORY,
  NO_SUCH_REVISION,
  NO_DOCKERFILE,
  /** A context or Dockerfile path, or a symlink in it, leads out of the repository. */
  PATH_OUTSIDE_REPOSITORY,
  /** Git host or registry did not accept the credentials, or wants some. */
  AUTHENTICATION_REFUSED,
  /** The source, a tar or a log is larger than configured. */
  LIMIT_EXCEEDED,
  BASE_IMAGE_NOT_FOUND,
  /** The Dockerfile has an instruction that the engine would leave out or build otherwise. */
  ENGINE_CANNOT,
  /** Kaniko ran and said no: a RUN failed, a COPY found nothing. */
  BUILD_FAILED,
  OUT_OF_MEMORY,
  TIMEOUT,
  DISK_LIMIT,
  /** The image tar is not one that Kaniko writes. */
  BAD_IMAGE_TAR,
  REGISTRY_DENIED,
  /** The tag exists with another digest and the registry keeps tags as they are. */
  TAG_IMMUTABLE,
  /** The tag named by {@code retagFrom} is not in the registry. */
  NO_SUCH_IMAGE,
  /** Something the build needs could not be reached for the whole retry time. */
  UNAVAILABLE,
  /** A defect of ours: the service's log has the details. */
  INTERNAL_ERROR;

  @JsonCreator
  static Reason ofWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The code as events carry it: lower case with dashes. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
