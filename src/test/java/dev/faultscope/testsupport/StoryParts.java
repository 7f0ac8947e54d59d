package dev.faultscope.testsupport;

import dev.faultscope.session.query.FaultStory;
import dev.faultscope.session.query.FaultTable;

/** The parts that the story of a fault must have: those of its row in the table. */
public final class StoryParts {
  private StoryParts() {}

  public static FaultStory.Parts of(FaultTable.Row row) {
    return new FaultStory.Parts(
        row.origin(),
        row.waitNs(),
        row.unreadNs(),
        row.readToIoctlNs(),
        row.ioctlNs(),
        row.wakeToRetryNs(),
        row.unattributedNs());
  }
}
