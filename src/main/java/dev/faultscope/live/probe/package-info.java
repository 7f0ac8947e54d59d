/**
 * What this machine can do with userfaultfd, KVM and guest_memfd, found by trying: a class a group
 * of trials. Versions are never asked.
 */
@NullMarked
package dev.faultscope.live.probe;

import org.jspecify.annotations.NullMarked;
