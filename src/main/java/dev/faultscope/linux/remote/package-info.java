/**
 * A process of our own making, a few hundred bytes of machine code, that does to its memory what it
 * is told: loads, stores and system calls, thread by thread. It can sleep, fork and get SIGBUS
 * where this process must not.
 */
@NullMarked
package dev.faultscope.linux.remote;

import org.jspecify.annotations.NullMarked;
