package io.tarkiln.stage;

import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.DockerfileRewritten;
import io.tarkiln.event.EventData;
import io.tarkiln.event.ImageBuilt;
import io.tarkiln.event.SourceCheckedOut;

/** Finds the tag that a build is for. */
final class Tags {
  private Tags() {}

  /** The tag, or nothing where the event does not carry it. */
  static String of(EventData data) {
    if (data instanceof BuildRequested requested) {
      return requested.tag();
    } else if (data instanceof SourceCheckedOut checkedOut) {
      return checkedOut.plan().tag();
    } else if (data instanceof DockerfileRewritten rewritten) {
      return rewritten.plan().tag();
    } else if (data instanceof ImageBuilt built) {
      return built.plan().tag();
    }
    return "";
  }
}
