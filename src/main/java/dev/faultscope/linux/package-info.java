/**
 * Linux in domain verbs: userfaultfd, memory, sockets that pass descriptors, processes, KVM.
 *
 * <p>A type here owns what it opened and gives it back on close. A call that may not fail throws
 * {@link dev.faultscope.linux.LinuxException}; one whose failure is a matter of course (the ioctls
 * that answer faults) returns what the kernel said. Nothing here knows what the events mean to the
 * rest of the program.
 *
 * <p>Two kinds of memory are kept apart by type: Java code may read and write a {@link
 * dev.faultscope.linux.Mapping}, and never the inside of a {@link
 * dev.faultscope.linux.GuestMemory}, since a thread that faults there in Java code stops the whole
 * virtual machine at its next safepoint, for ever.
 */
@NullMarked
package dev.faultscope.linux;

import org.jspecify.annotations.NullMarked;
