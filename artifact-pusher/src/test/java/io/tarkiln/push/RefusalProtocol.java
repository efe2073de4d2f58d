package io.tarkiln.push;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model of what happens when a registry takes the first tag of a build and refuses the second:
 * two pushers in processes of their own, every order of their steps, a crash between any two of
 * them. It describes {@link BuildRelease}, {@link TagSet} and {@link TagSnapshot}; change them
 * together.
 *
 * @param takesBackOnResume whether who finds the build failed takes tags back, too
 */
record RefusalProtocol(boolean takesBackOnResume) {
  private static final int MAX_CRASHES = 3;

  /** The steps of a pusher; each is one thing that another process, or its end, can come after. */
  private enum Step {
    BEGIN,
    TAG_FIRST,
    TAG_SECOND,
    TAKE_BACK,
    REVISE,
    TAKE_BACK_AGAIN,
    TELL,
    DONE
  }

  /**
   * What S3, registry and Kafka hold, and where each pusher is. The decision that the build
   * succeeds was made before.
   */
  private record World(
      boolean failed, boolean tagged, boolean told, List<Step> steps, int crashes) {
    World at(int actor, Step step) {
      List<Step> moved = new ArrayList<>(steps);
      moved.set(actor, step);
      return new World(failed, tagged, told, moved, crashes);
    }

    World tag(boolean isTagged) {
      return new World(failed, isTagged, told, steps, crashes);
    }

    World crash(int actor) {
      World again = at(actor, Step.BEGIN);
      return new World(failed, tagged, told, again.steps, crashes + 1);
    }

    boolean isAtEnd() {
      return steps.stream().allMatch(step -> step == Step.DONE);
    }
  }

  /** How the build can end that should not be: with a tag, or untold. */
  Optional<String> violation() {
    World start = new World(false, false, false, List.of(Step.BEGIN, Step.BEGIN), 0);
    Set<World> seen = new HashSet<>(Set.of(start));
    Deque<World> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      World world = open.pop();
      if (world.isAtEnd() && (world.tagged() || !world.told())) {
        return Optional.of(world.toString());
      }
      for (World next : nexts(world)) {
        if (seen.add(next)) {
          open.push(next);
        }
      }
    }
    return Optional.empty();
  }

  private List<World> nexts(World world) {
    List<World> nexts = new ArrayList<>();
    for (int actor = 0; actor < world.steps().size(); actor++) {
      Step step = world.steps().get(actor);
      if (step == Step.DONE) {
        continue;
      }
      nexts.add(taken(world, actor, step));
      if (step != Step.BEGIN && world.crashes() < MAX_CRASHES) {
        nexts.add(world.crash(actor));
      }
    }
    return nexts;
  }

  private World taken(World world, int actor, Step step) {
    return switch (step) {
      case BEGIN -> {
        Step whenFailed = takesBackOnResume ? Step.TAKE_BACK_AGAIN : Step.TELL;
        yield world.at(actor, world.failed() ? whenFailed : Step.TAG_FIRST);
      }
      case TAG_FIRST -> world.tag(true).at(actor, Step.TAG_SECOND);
      case TAG_SECOND -> world.at(actor, Step.TAKE_BACK); // refused
      case TAKE_BACK -> world.tag(false).at(actor, Step.REVISE);
      case REVISE ->
          new World(true, world.tagged(), world.told(), world.steps(), world.crashes())
              .at(actor, Step.TELL);
      case TAKE_BACK_AGAIN -> world.tag(false).at(actor, Step.TELL);
      case TELL ->
          new World(world.failed(), world.tagged(), true, world.steps(), world.crashes())
              .at(actor, Step.DONE);
      case DONE -> world;
    };
  }
}
