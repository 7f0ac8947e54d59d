package dev.faultscope.session.live;

import java.util.List;

/**
 * What came of a command.
 *
 * @param errno what the kernel said to an ioctl by hand, 0 where it was content
 * @param errnoName its name, empty for 0
 * @param field the structure's result field: bytes done, or a negative error number
 * @param woke who woke, by name
 * @param why one sentence
 * @param status how it stands now
 */
public record LiveAnswer(
    int errno, String errnoName, long field, List<String> woke, String why, LiveStatus status) {}
