package dev.faultscope.live.handler;

/** Whether a peer is still there, and why a run ended. For the handler's thread. */
final class RunEnd {
  private boolean peerGone;
  private String reason = "stopped";

  void peerLeft() {
    peerGone = true;
    reason = "the peer left";
  }

  boolean isPeerGone() {
    return peerGone;
  }

  void because(String why) {
    reason = why;
  }

  String reason() {
    return reason;
  }
}
