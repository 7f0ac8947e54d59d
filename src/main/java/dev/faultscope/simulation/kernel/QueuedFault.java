package dev.faultscope.simulation.kernel;

/**
 * A fault whose thread is asleep.
 *
 * @param sequence number of its ENQUEUE
 * @param uffd name of the userfaultfd
 * @param region index of the region, {@link dev.faultscope.model.Event#NONE} where the mapping is
 *     gone
 * @param page within the region
 * @param address in the message
 * @param flags UFFD_PAGEFAULT_FLAG_*
 * @param actor who sleeps
 * @param read whether a handler has read the message
 * @param readSequence number of its READ; 0 where nobody has read the message
 * @param sinceNs when it was queued
 */
public record QueuedFault(
    long sequence,
    String uffd,
    int region,
    int page,
    long address,
    int flags,
    int actor,
    boolean read,
    long readSequence,
    long sinceNs) {}
