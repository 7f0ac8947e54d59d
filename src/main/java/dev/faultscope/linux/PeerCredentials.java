package dev.faultscope.linux;

/**
 * Who is at the other end of a Unix socket, as the kernel saw it when the connection was made.
 *
 * @param pid its process
 * @param uid its user
 * @param gid its group
 */
public record PeerCredentials(int pid, int uid, int gid) {}
