package dev.faultscope.session.live;

import dev.faultscope.live.handler.LiveControl;
import java.util.List;

/**
 * A userfaultfd whose faults a person has in hand.
 *
 * @param name as people call it
 * @param control the hand on its handler
 * @param regions its handler's regions in order, by their numbers in the recording
 * @param hearsRemoval whether a message tells it of madvise (UFFD_FEATURE_EVENT_REMOVE)
 */
record HeldUffd(String name, LiveControl control, List<Integer> regions, boolean hearsRemoval) {
  HeldUffd {
    regions = List.copyOf(regions);
  }
}
