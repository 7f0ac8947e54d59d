/**
 * Userfaultfd, page cache and page tables as Linux has them: a blocked fault wakes and runs again
 * from scratch.
 *
 * <p>{@link dev.faultscope.simulation.kernel.Kernel} is the door. Behind it each concern has a
 * file: {@code FaultPath} decides what an access becomes, {@code UserfaultTrap} what the
 * userfaultfd does with it, one class per ioctl and per system call what they change, and {@code
 * Journal} writes it all down.
 */
@NullMarked
package dev.faultscope.simulation.kernel;

import org.jspecify.annotations.NullMarked;
