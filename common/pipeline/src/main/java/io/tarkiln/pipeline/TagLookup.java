package io.tarkiln.pipeline;

import io.tarkiln.event.BuildPlan;
import io.tarkiln.event.BuildRequested;
import io.tarkiln.event.EventData;
import io.tarkiln.event.ServiceEventData;

/** Finds the tag that a build is for. */
final class TagLookup {
  private TagLookup() {}

  /** The tag, or nothing where the event does not carry it. */
  static String of(EventData data) {
    if (data instanceof BuildRequested requested) {
      return requested.tag();
    } else if (data instanceof ServiceEventData ofService) {
      return ofService.buildPlan().map(BuildPlan::tag).orElse("");
    }
    return "";
  }
}
